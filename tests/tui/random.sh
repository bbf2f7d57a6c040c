#!/bin/sh
# The program in a terminal under random keys, always the same ones, for SECONDS_OF_KEYS or MINUTES: it lives, it still
# shows its list, and what it holds of memory does not grow by more than a fifth and 4 MB. TOP_SOURCE names another
# cluster than the demo: its nodes are cordoned, its pods evicted.
set -eu

if ! command -v tmux >/dev/null; then
	echo 'ok - random keys in a terminal # SKIP tmux is missing'
	exit 0
fi
if [ ! -r /proc/self/status ]; then
	echo 'ok - random keys in a terminal # SKIP there is no /proc to ask for its memory'
	exit 0
fi
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
# What it frees shall be free, not kept by a sanitizer.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=1"
seconds=$((${MINUTES:-0} * 60))
[ "$seconds" -gt 0 ] || seconds=${SECONDS_OF_KEYS:-10}

# A list of keys for send-keys, sixty a line: neither what ends it nor what stops it, nor e, which writes files, nor
# ":", behind which there are words that end it.
awk 'BEGIN {
	count = split("Up Down Left Right PageUp PageDown Home End Tab BTab Enter Escape Space BSpace F1 F2 F3 F4 F5 F6 F7 F8 F9 " \
		"1 2 3 4 5 6 a b c d f g h i j k l m n o p r s t u v w x y z A F I M N P S T U W Z # + - = * / ? [ ] < > " \
		"C-l C-a C-u M-j M-k M-l", names, " ")
	seed = 5
	for (line = 0; line < 200; line++) {
		text = ""
		for (i = 0; i < 60; i++) {
			seed = (seed * 69069 + 12345) % 2147483648
			text = text " " names[1 + int(seed / 65536) % count]
		}
		print text " Escape Escape"
	}
}' >"$work/keys"

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
# press SECONDS: a line of keys, which is waited for by the answer to a size, then another line.
press() {
	end=$(($(date +%s) + $1))
	number=0
	while [ "$(date +%s)" -lt "$end" ] && kill -0 "$id" 2>/dev/null; do
		number=$((number % 200 + 1))
		set -f
		# shellcheck disable=SC2046 # a list
		pane send-keys $(sed -n "${number}p" "$work/keys")
		set +f
		pane resize-window -x "$((60 + number))" -y "$((16 + number % 40))"
		pressed=$((pressed + 62))
		turns=500
		until [ "$(bytes_waiting)" = 0 ] || [ "$turns" -eq 0 ]; do
			turns=$((turns - 1))
			sleep 0.02
		done
	done
}
# What the program has not read yet shows by its sleeping in poll: state S.
bytes_waiting() {
	case $(sed 's/.*) \(.\).*/\1/' "/proc/$id/stat" 2>/dev/null) in
	S | '') echo 0 ;;
	*) echo 1 ;;
	esac
}

open_pane 100 30
cat >"$work/live" <<END
#!/bin/sh
echo \$\$ >"$work/pid"
exec "$program" top ${TOP_SOURCE:---demo} --allow-actions 2>"$work/said"
END
chmod +x "$work/live"
line 'live; echo status $?'
check 'it opens' holds shows 'F10Quit'
id=$(cat "$work/pid")
pressed=0
# Every tab and page once, before anything is measured.
press "$((seconds / 4 + 1))"
before=$(resident "$id" || echo 0)
press "$((seconds - seconds / 4))"
after=$(resident "$id" || echo 0)
echo "# $pressed keys in $seconds s: $before KB, then $after KB"
is_alive() {
	kill -0 "$id" && return 0
	cat "$work/said"
	picture
	return 1
}
check 'random keys: it lives' is_alive
check "random keys: $before KB, then $after KB" test "$after" -gt 0 -a "$after" -le "$((before + before / 5 + 4096))"
keys C-c
until_true 'random keys: it ends with 0' shows 'status 0'

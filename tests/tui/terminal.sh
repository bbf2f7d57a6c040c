#!/bin/sh
# The live view in a real terminal: what it is given, what it leaves behind, and the bytes of its keys.
set -eu

if ! command -v tmux >/dev/null; then
	echo 'ok - the live view in a terminal # SKIP tmux is missing'
	exit 0
fi
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
# The clock of the demo cluster stands, so that two pictures of it are the same.
export CLUSTERUTILS_NOW=1772366400
tabs='1 Nodes'
bar='F10Quit'

cat >"$work/live" <<END
#!/bin/sh
echo \$\$ >"$work/pid"
exec "$program" top --demo "\$@"
END
chmod +x "$work/live"

# start [WORDS]: what stands before the command is typed to the shell, too.
start() {
	line "clear; ${2:-}live ${1:-}; echo status \$?"
	holds shows "$tabs" && holds shows corellia
}
ended() { shows "status $1" && is_at_prompt; }
restored() {
	[ "$(asked '#{cursor_flag} #{alternate_on} #{mouse_any_flag} #{keypad_cursor_flag}')" = '1 0 0 0' ] || {
		asked 'cursor #{cursor_flag}, alternate #{alternate_on}, mouse #{mouse_any_flag}, keypad #{keypad_cursor_flag}'
		return 1
	}
}
same_modes() {
	rm -f "$work/modes"
	line "stty -a >'$work/modes.new'; mv '$work/modes.new' '$work/modes'; clear"
	holds test -f "$work/modes"
	diff "$work/before" "$work/modes"
}
over() { # TITLE STATUS
	until_true "$1: it ends with $2, and the prompt is back" ended "$2"
	check "$1: the screen is as before" restored
}

open_pane 100 30
line "stty -a >'$work/before.new'; mv '$work/before.new' '$work/before'"
holds test -f "$work/before"

echo '# it opens, and it ends'
check 'it opens and shows nodes' start
is_full_screen() { [ "$(asked '#{cursor_flag} #{alternate_on} #{mouse_any_flag}')" = '0 1 1' ]; }
until_true 'the cursor is hidden, the screen is another' is_full_screen
# Metrics and watts come a little later: the last are those that are shared by how busy nodes are.
holds shows 'data: live'
holds shows '~3.8'
# What is seen: each byte with its look, blanks with their background alone. The age of the metrics hangs on which of them
# were asked for.
cat >"$work/seen.awk" <<'END'
function obey(text, codes, count, i) {
	count = split(text, codes, ";")
	if (count == 0) codes[count = 1] = 0
	for (i = 1; i <= count; i++) {
		if (codes[i] + 0 == 0) front = back = shape = ""
		else if (codes[i] == 38) { front = codes[i + 2]; i += 2 }
		else if (codes[i] == 48) { back = codes[i + 2]; i += 2 }
		else if (codes[i] == 39) front = ""
		else if (codes[i] == 49) back = ""
		else if (codes[i] ~ /^(3|9)/) front = "c" codes[i]
		else if (codes[i] ~ /^(4|10)./) back = "c" codes[i]
		else shape = shape "+" codes[i]
	}
}
function add(text, i, c) {
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		out = out c "{" (c == " " ? "" : front shape) "/" back "}"
	}
}
{
	out = ""
	while (match($0, /[\033]\[[0-9;]*m/)) {
		at = RSTART; size = RLENGTH
		add(substr($0, 1, at - 1))
		obey(substr($0, at + 2, size - 3))
		$0 = substr($0, at + size)
	}
	add($0)
	gsub(/( [{][/][}])+$/, "", out)
	print out
}
END
# -N: which blanks at the end of a line tmux leaves out hangs on how they came there.
ageless() { pane capture-pane -p -e -N | sed 's/metrics [0-9]*s/metrics/' | LC_ALL=C awk -f "$work/seen.awk"; }
ageless >"$work/fresh"
keys F10
over F10 0
check 'F10: the modes are as before' same_modes
start
keys q
over q 0
start
keys C-c
over Ctrl-C 0
check 'Ctrl-C: the modes are as before' same_modes

echo '# signals'
for signal in TERM HUP INT; do
	start
	kill "-$signal" "$(cat "$work/pid")"
	over "SIG$signal" 0
	check "SIG$signal: the modes are as before" same_modes
done

echo '# stopped, and brought back'
start
keys C-z
until_true 'Ctrl-Z: the prompt is back' is_at_prompt
check 'Ctrl-Z: the screen is as before' restored
check 'Ctrl-Z: the modes are as before' same_modes
line fg
until_true 'fg: the view is back' shows "$bar"
same_picture() { ageless | diff "$work/fresh" -; }
until_true 'fg: as it was' same_picture
keys 2
until_true 'fg: keys answer' shows 'best-effort'
keys q
until_true 'fg: it ends' is_at_prompt

echo '# two hundred sizes'
awk 'BEGIN { seed = 7; for (i = 0; i < 200; i++) {
	seed = (seed * 69069 + 1) % 65536; width = 20 + seed % 281
	seed = (seed * 69069 + 1) % 65536; print width, 5 + seed % 96
} }' >"$work/sizes"
# storm KEY FIRST LAST
storm() {
	[ -z "$1" ] || keys "$1"
	sed -n "$2,$3p" "$work/sizes" | while read -r columns rows; do
		pane resize-window -x "$columns" -y "$rows" </dev/null
	done
	pane resize-window -x 100 -y 30
	[ -z "$1" ] || until_true "$1: it stays open" shows "$4"
	[ -z "$1" ] || keys Escape
	until_true "after many sizes${1:+ under $1}: as a fresh start" same_picture
}
start
storm '' 1 50
storm F1 51 100 'this page'
storm F2 101 150 'Function bar'
storm F3 151 200 'Search:'

echo '# keys as terminals send them'
# key TITLE BYTES TEXT [BACK]: the bytes bring the text to the screen, and BACK takes it away again.
key() {
	# shellcheck disable=SC2086 # a list
	raw $2
	until_true "key: $1" shows "$3"
	[ -z "${4:-}" ] || {
		keys "$4"
		holds lacks "$3"
	}
}
key 'F1 as ESC O P' '1b 4f 50' 'this page' Escape
key 'F1 as ESC [ 1 1 ~' '1b 5b 31 31 7e' 'this page' Escape
key 'F2' '1b 4f 51' 'Function bar' Escape
key 'F3' '1b 4f 52' 'Search:' Escape
key 'F4' '1b 4f 53' 'Filter:' Escape
key 'F5' '1b 5b 31 35 7e' '▾ amd64 (1)'
keys t t t t
key 'F6' '1b 5b 31 37 7e' '(own order)' Escape
key 'F9' '1b 5b 32 30 7e' 'start with --allow-actions'
holds shows 'cloud (1)'
raw 1b 5b 31 38 7e 1b 5b 31 39 7e
key 'F8 goes to the next group, Enter into it' '1b 5b 31 39 7e 0d' 'zone parents'
key 'Escape alone leads back' '1b' 'CPU TREND'
key 'Shift-Tab' '1b 5b 5a' 'LAST SEEN'
key 'Tab' '09' 'CPU TREND'
key '4' '34' 'argocd-dex'
first_row() { picture | sed -n '6p'; }
before=$(first_row)
is_elsewhere() { [ "$(first_row)" != "$before" ]; }
is_back() { [ "$(first_row)" = "$before" ]; }
raw 1b 5b 36 7e
raw 1b 5b 36 7e
until_true 'PgDn' is_elsewhere
raw 1b 5b 35 7e
raw 1b 5b 35 7e
until_true 'PgUp' is_back
key 'Alt-Right in one piece is no Escape' '1b 5b 31 3b 33 43' 'argocd-dex'
keys F10
over 'after keys' 0

echo '# the mouse'
# mouse BUTTON COLUMN ROW FINAL: in the numbers of SGR, which count from 1; told in the way that the program asked for.
mouse() {
	if [ "$(asked '#{mouse_sgr_flag}')" = 1 ]; then
		# shellcheck disable=SC2046 # a list
		raw 1b $(printf '[<%d;%d;%d%s' "$1" "$2" "$3" "$4" | od -An -v -tx1)
	else
		button=$1
		[ "$4" = M ] || button=3
		# shellcheck disable=SC2046
		raw 1b 5b 4d $(printf '%x %x %x' "$((button + 32))" "$(($2 + 32))" "$(($3 + 32))")
	fi
}
for name in screen-256color xterm-256color; do
	start '' "TERM=$name "
	keys 4
	holds shows argocd-dex
	before=$(first_row)
	for i in 1 2 3 4 5 6 7 8 9 10; do mouse 65 10 "$((i + 5))" M; done
	until_true "$name: the wheel moves on" is_elsewhere
	for i in 1 2 3 4 5 6 7 8 9 10; do mouse 64 10 "$((i + 5))" M; done
	until_true "$name: the wheel moves back" is_back
	row=$(picture | grep -nF "$tabs" | cut -d : -f 1)
	text=$(picture | sed -n "${row}p")
	text=${text%%Tiers*}
	mouse 0 "$((${#text} + 2))" "$row" M
	mouse 0 "$((${#text} + 2))" "$row" m
	until_true "$name: a click on a tab" shows best-effort
	keys F10
	over "$name: after the mouse" 0
done

echo '# what the terminal cannot do, and what nobody wants'
for name in '' dumb no-such-terminal; do
	line "clear; TERM=$name live; echo status \$?"
	until_true "TERM=$name: a table, and why" ended 0
	until_true "TERM=$name: the table" shows corellia
	until_true "TERM=$name: a sentence" shows ': printing once'
done
line "clear; (unset TERM; live); echo status \$?"
until_true 'TERM unset: a table, and why' ended 0
check 'TERM unset: the table' shows corellia
check 'TERM unset: a sentence' shows ': printing once'

line "clear; live | cat; echo status \$?"
until_true 'a pipe: a table' ended 0
check 'a pipe: without tabs' lacks "$tabs"
check 'a pipe: nodes' shows corellia

has_colour() { coloured | grep -Eq "$(printf '\033')\\[([0-9;]*;)?([34][0-8]|9[0-7])[;m]"; }
has_no_colour() { ! has_colour; }
is_ascii() { ! picture | LC_ALL=C grep -q "$(printf '[\200-\377]')"; }
start
until_true 'by itself: colours' has_colour
check 'by itself: Unicode' shows '├─'
keys q
over 'by itself' 0
start -C
check '-C: no colours' has_no_colour
keys q
over '-C' 0
start '' 'NO_COLOR=1 '
check 'NO_COLOR: no colours' has_no_colour
keys q
over 'NO_COLOR' 0
start -U
check '-U: ASCII alone' is_ascii
keys q
over '-U' 0

#!/bin/sh
# Streams to a pod through the API server and a real kubelet: a command, its status and output, what it reads, a port.
set -eu

kubectl=$RIG_BIN/kubectl
work=$(mktemp -d)
trap '"$kubectl" delete pod streams --now >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# does TITLE STATUS PATTERN COMMAND...: the command ends with the status, and a line that it writes fits the pattern.
does() {
	title=$1 wanted=$2 pattern=$3
	shift 3
	status=0
	"$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	if [ "$status" -eq "$wanted" ] && grep -q "$pattern" "$work/out" "$work/err"; then
		echo "ok - $title"
	else
		echo "not ok - $title: status $status"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}

# How many bytes of NUL a command writes.
count_of() {
	"$@" | wc -c
}

"$kubectl" run streams --image=busybox:1.35 --command -- \
	sh -c 'mkdir -p /tmp/w; echo page >/tmp/w/index.html; httpd -f -p 8080 -h /tmp/w' >/dev/null
"$kubectl" wait pod streams --for=condition=Ready --timeout=60s >/dev/null

does 'exec: what it writes' 0 '^written$' "$DRIVE" exec default streams '' echo written
does 'exec: on standard error too' 0 '^bad$' "$DRIVE" exec default streams '' sh -c 'echo bad >&2'
does 'exec: its status' 3 '^left$' "$DRIVE" exec default streams '' sh -c 'echo left; exit 3'
does 'exec: what it reads, to the end' 0 '^6$' \
	"$DRIVE" exec default streams 'input' sh -c 'cat >/tmp/in; echo >>/tmp/in; wc -c </tmp/in'
does 'exec: much at once' 0 '^300000$' count_of "$DRIVE" exec default streams '' dd if=/dev/zero bs=1000 count=300
does 'exec: no such command' 1 'no-such-command' "$DRIVE" exec default streams '' no-such-command
does 'exec: no such pod' 1 'pods "nobody" not found' "$DRIVE" exec default nobody '' true

# The command substitution takes line ends away: the last character is put behind them for that, and is read as the body.
request=$(printf 'GET / HTTP/1.0\r\n\r\n.')
does 'forward: an answer of its port' 0 '^page$' "$DRIVE" forward default streams 8080 "$request"
does 'forward: nobody listens' 1 'connection refused' "$DRIVE" forward default streams 81 x

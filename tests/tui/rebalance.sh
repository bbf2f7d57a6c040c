#!/bin/sh
# The question before a run, and its bar, in a terminal.
set -eu

if ! command -v tmux >/dev/null; then
	echo 'ok - rebalance in a terminal # SKIP tmux is missing'
	exit 0
fi
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
open_pane 100 30
cat >"$work/go" <<END
#!/bin/sh
exec "$program" rebalance --demo --strategy RemovePodsViolatingNodeTaints -n argocd --max-moves 2 "\$@"
END
chmod +x "$work/go"

line 'go; echo status $?'
until_true 'it asks' shows 'Evict 2 pods? [y/N]'
line n
until_true 'no: it does nothing' shows 'status 0'
check 'no: nothing is told' lacks 'evicted'
line 'clear; go --dry-run=client; echo status $?'
until_true 'a dry run asks nothing' shows 'status 0'
check 'a dry run: no question' lacks 'Evict'
line 'clear; go; echo status $?'
until_true 'it asks again' shows 'Evict 2 pods? [y/N]'
line y
until_true 'yes: it begins' shows 'evicted from jakku'
until_true 'a bar' shows 'wave 1/2 [--------------------] 0/2,'
keys C-c
until_true 'Ctrl-C: it ends' shows 'status 130'
check 'Ctrl-C: it says what is done' shows 'not begun'
check 'Ctrl-C: the bar is gone' lacks '[----'

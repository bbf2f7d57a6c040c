# Shared by the scripts that run the program in a tmux of their own: one server, one pane with a shell in it. Waits for
# conditions alone: $patience turns of a fiftieth of a second. Sourced, never run.
# shellcheck shell=sh

# shellcheck disable=SC2034 # for the scripts
program=${KUBECTL_CLUSTERUTILS:?set it to the program under test}
work=$(mktemp -d)
patience=${PATIENCE:-600}
# shellcheck source=tests/tap.sh
. tests/tap.sh
export TMUX_TMPDIR="$work" LC_ALL=C.UTF-8 TZ=UTC
unset TMUX NO_COLOR
# No cluster and no settings that this machine may know of.
export XDG_CONFIG_HOME="$work/config"

pane() { tmux -u -L clusterutils -f /dev/null "$@"; }

close_pane() {
	pane kill-server 2>/dev/null || true
	rm -rf "$work"
}
trap close_pane EXIT
trap 'exit 1' HUP INT TERM

# open_pane COLUMNS ROWS: a shell whose prompt is "ready> ".
open_pane() {
	pane set -g default-terminal screen-256color \; set -g status off \; set -g escape-time 0 \; \
		new-session -d -x "$1" -y "$2" "exec env PS1='ready> ' ENV= PATH='$work:$PATH' sh -i" || return 1
	until_true 'the shell is there' shows 'ready>'
}

picture() { pane capture-pane -p; }
coloured() { pane capture-pane -p -e; }
shows() { picture | grep -qF -- "$1"; }
lacks() { ! shows "$1"; }
is_at_prompt() { [ "$(picture | sed '/^$/d' | tail -n 1)" = 'ready>' ]; }
# asked FORMAT: what tmux knows of the pane.
asked() { pane display-message -p "$1"; }

# keys KEY...: by tmux's names; raw HEX...: bytes as they are; line TEXT: typed to the shell.
keys() { pane send-keys "$@"; }
raw() { pane send-keys -H "$@"; }
line() { pane send-keys -l "$1" \; send-keys Enter; }

# holds COMMAND...: it succeeds at last.
holds() {
	turns=$patience
	until "$@" >/dev/null 2>&1; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || return 1
		sleep 0.02
	done
}

# until_true TITLE COMMAND...: a test that passes once the command succeeds.
until_true() {
	title=$1
	shift
	if holds "$@"; then
		echo "ok - $title"
	else
		echo "not ok - $title: never true: $*"
		picture | sed 's/^/# /'
	fi
}

#!/bin/sh
# The pictures of docs/: the demo cluster on the live view, in a tmux of its own.
#   screenshots.sh PROGRAM [FOLDER]
set -eu
KUBECTL_CLUSTERUTILS=$(realpath "${1:?usage: screenshots.sh PROGRAM [FOLDER]}")
export KUBECTL_CLUSTERUTILS
folder=${2:-docs}
cd "$(dirname "$0")/.."
# shellcheck source=tests/tui/lib.sh
. tests/tui/lib.sh
# The demo's clock must go, for its metrics to move.
unset CLUSTERUTILS_NOW

# snap NAME KEY TEXT: once the text is shown.
snap() {
	keys "$2"
	holds shows "$3" || { picture >&2; exit 1; }
	# With the blanks at the end of a line, for they have a colour, too.
	pane capture-pane -p -e -N | python3 tools/screenshot.py 'kubectl clusterutils top' >"$folder/top-$1.svg"
	size=$(wc -c <"$folder/top-$1.svg")
	echo "$folder/top-$1.svg: $size bytes"
	[ "$size" -lt 60000 ]
}

mkdir -p "$folder"
open_pane 110 30 >/dev/null
line "clear; '$program' top --demo --price 0.32 --currency EUR"
holds shows 'data: live' || { picture >&2; exit 1; }
# A few samples, so that there is a trend to see.
has_course() { [ "$(picture | grep -c '[▁▂▃▄▅▆▇█]\{3\}')" -gt 0 ]; }
patience=2500
holds has_course || { picture >&2; exit 1; }
snap nodes 1 corellia
snap tiers 2 'CPU% USE'
snap power 3 METER

#!/bin/sh
# What the live screen shows of the demo cluster, against pictures: one line of cases.txt each. `make golden` rewrites
# them. Its arguments are those of play.c.
set -eu

play=${PLAY:?set it to tests/tui/play, built}
here=tests/tui
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export TZ=UTC

# shellcheck source=tests/tap.sh
. tests/tap.sh

sed -n 's/^\([a-z0-9-]*\) *| *\(.*\)$/\1 \2/p' $here/cases.txt >"$work/cases"
while read -r name args <&3; do
	eval "\"$play\" $args" >"$work/screen" 2>&1 || echo "status $?" >>"$work/screen"
	if [ -n "${GOLDEN_WRITE:-}" ]; then
		cp "$work/screen" "$here/golden/$name"
	fi
	check "screen: $name" diff -u "$here/golden/$name" "$work/screen"
done 3<"$work/cases"

cut -d ' ' -f 1 "$work/cases" | sort >"$work/names"
ls $here/golden >"$work/files"
check 'no screen without its case' diff -u "$work/names" "$work/files"

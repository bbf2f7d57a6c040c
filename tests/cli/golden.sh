#!/bin/sh
# The program's words on known input, against golden files: one line of cases.txt a case. `make golden` rewrites them.
set -eu
. tests/cli/lib.sh

same() {
	diff -u "$1" "$2"
}

while IFS='|' read -r name args; do
	case $name in '' | '#'*) continue ;; esac
	name=$(echo "$name" | tr -d ' ')
	golden=$here/golden/$name
	eval "set -- $args"
	run "$@"
	{
		echo "status $status"
		sed 's/^/stderr: /' "$work/err"
		cat "$work/out"
	} >"$work/all"
	if [ -n "${GOLDEN_WRITE:-}" ]; then
		cp "$work/all" "$golden"
	fi
	check "golden: $name" same "$golden" "$work/all"
done <$here/cases.txt

#!/bin/sh
# The program's words on known input, against golden files: one line of cases.txt a case. `make golden` rewrites them.
set -eu
. tests/cli/lib.sh

# In cases.txt: NAME | ARGUMENTS, as a shell reads them, with redirections. The file golden/NAME holds what came of it.
parts='s/^\([a-z0-9-]*\) *| *\(.*\)$/\1 \2/p'

sed -n "$parts" $here/cases.txt >"$work/cases"
while read -r name args <&3; do
	eval "run $args" </dev/null
	{
		echo "status $status"
		sed 's/^/stderr: /' "$work/err"
		cat "$work/out"
	} >"$work/all"
	if [ -n "${GOLDEN_WRITE:-}" ]; then
		cp "$work/all" "$here/golden/$name"
	fi
	check "golden: $name" diff -u "$here/golden/$name" "$work/all"
done 3<"$work/cases"

check 'each line of cases.txt is a case' test "$(grep -vc '^#\|^$' $here/cases.txt)" -eq "$(wc -l <"$work/cases")"
check 'no case twice' test -z "$(cut -d ' ' -f 1 "$work/cases" | sort | uniq -d)"
cut -d ' ' -f 1 "$work/cases" | sort >"$work/names"
ls $here/golden >"$work/files"
check 'no golden file without its case' diff -u "$work/names" "$work/files"

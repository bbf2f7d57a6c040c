#!/bin/sh
# Runs test programs side by side and counts what they say: run.sh PROGRAM...
# Each writes TAP (a Check binary into the file that CK_TAP_LOG_FILE_NAME names, anything else to its output) or, for
# fixtures, lines "TOPIC: N passed, N failed". Ends with the line "N passed, N failed"; exits with 1 if any failed.
set -eu

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT INT TERM
export results

cat >"$results/one.sh" <<'END'
name=$(echo "$1" | tr '/ ' '__')
case $1 in sh\ *) RUN_UNDER= ;; esac # a script is told by its environment what to run
status=0
CK_TAP_LOG_FILE_NAME="$results/$name.tap" CK_VERBOSITY=silent $RUN_UNDER $1 >"$results/$name.out" 2>&1 </dev/null || status=$?
cat "$results/$name.out" >>"$results/$name.tap"
if [ "$status" -ne 0 ] && ! grep -Eq '^not ok|: [0-9]+ passed, [1-9][0-9]* failed' "$results/$name.tap"; then
	echo "not ok - $1 ended with status $status" >>"$results/$name.tap"
	tail -n 40 "$results/$name.out" | sed 's/^/# /' >>"$results/$name.tap"
fi
END

RUN_UNDER=${RUN_UNDER:-}
export RUN_UNDER
jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
for program; do
	printf '%s\0' "$program"
done | xargs -0 -n 1 -P "$jobs" sh "$results/one.sh"

cat "$results"/*.tap >"$results/all"
grep -E '^[a-z]+: ([0-9]+ passed|skipped)|^first failure' "$results/all" || true
sed -n 's/^# \(measured: \)/\1/p' "$results/all"
grep -A 12 '^not ok' "$results/all" | grep -Ev '^(ok|--$)' || true
grep -E '^ok .*# SKIP' "$results/all" | sed 's/^ok [0-9]* *-* */skipped: /' || true

passed=$(grep -Ec '^ok' "$results/all" || true)
failed=$(grep -Ec '^not ok' "$results/all" || true)
more=$(awk '/^[a-z]+: [0-9]+ passed, [0-9]+ failed$/ { p += $2; f += $4 } END { print p + 0, f + 0 }' "$results/all")
passed=$((passed + ${more% *}))
failed=$((failed + ${more#* }))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

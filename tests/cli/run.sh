#!/bin/sh
# A plan carried out on the demo, whose clock runs here: what is told meanwhile and afterwards, the journal, and an end by
# Ctrl-C.
set -eu
. tests/cli/lib.sh
unset CLUSTERUTILS_NOW
words="rebalance --demo --strategy RemovePodsViolatingNodeTaints -n argocd --yes --journal $work/state/run.jsonl"

# shellcheck disable=SC2086 # words
run $words --max-moves 1 -o json
check 'a run: done' has_status 0
check 'a run: one document' jq -e '.kind == "RebalanceRun" and .state == "Done" and .summary.moved == 1' "$work/out"
check 'a run: each move with its landing' jq -e '.moves | length == 1 and .[0].state == "Moved" and .[0].landed == .[0].to' "$work/out"
check 'a run: nodes before and after' jq -e '.nodes | length == 7 and any(.before.pods != .after.pods)' "$work/out"
check 'a run: tells of its wave' says 'wave 1 of 1: 1 pod'
check 'a run: tells of the eviction' grep -q 'argocd/.*: evicted from jakku' "$work/err"
check 'a run: tells of the landing' grep -q 'argocd/.*: in its place .*, on .* as foreseen' "$work/err"
check 'a run: tells of the end' grep -q 'argocd/.*: ready after' "$work/err"
check 'a run: no bar where there is no terminal' fails grep -q '\[#*-*\]' "$work/err"
check 'the journal: begin, wave, moves, end' test "$(jq -r .event "$work/state/run.jsonl" | uniq | tr '\n' ' ')" = 'begin wave move end '
run rebalance status --journal "$work/state/run.jsonl" -o json
check 'status: the move' jq -e '.items | length == 1 and .[0].state == "Moved"' "$work/out"

# Ctrl-C while the first pod is on its way. A shell lets those that it starts in the background ignore it, and nohup a
# hangup: they are told not to.
cat >"$work/heed" <<'END'
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
END
# shellcheck disable=SC2086 # words
python3 "$work/heed" "$program" $words --max-moves 2 >"$work/out" 2>"$work/err" &
id=$!
turns=1500
until grep -q 'evicted from' "$work/err" || [ "$turns" -eq 0 ]; do
	turns=$((turns - 1))
	sleep 0.02
done
kill -INT "$id"
status=0
wait "$id" || status=$?
check 'interrupted: its status' has_status 130
check 'interrupted: what was done and what was not' prints '0 of 2 pods moved'
check 'interrupted: one not over' prints '1 not over, 1 not begun'
check 'interrupted: why' prints 'stopped: interrupted'

# shellcheck disable=SC2086 # words
run $words --journal /proc/none/run.jsonl
check 'no journal, no run' has_status 1
check 'no journal, no run: says why' says 'error: the journal /proc/none/run.jsonl cannot be opened: '
run rebalance --from tests/cli/input/lopsided.yaml --yes
check 'a dump stays as it is' has_status 0
check 'a dump: the plan' prints '1 move in 1 wave'
check 'a dump: no run' fails grep -q 'evicted' "$work/err"

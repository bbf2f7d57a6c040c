#!/bin/sh
# Pods are created, labelled, evicted and deleted, nodes cordoned, 500 times: after each the store that follows the
# cluster is what a fresh list in the other wire format gives, in every view and member.
set -eu

"$RIG_BIN/kubectl" create namespace churn >/dev/null
trap '"$RIG_BIN/kubectl" delete namespace churn --wait=false >/dev/null' EXIT
"${DRIVE:?}" churn churn 250 1 || true
"$DRIVE" churn churn 250 2 || true
"$RIG_BIN/kubectl" uncordon --all >/dev/null 2>&1 || "$RIG_BIN/kubectl" get nodes -o name | xargs "$RIG_BIN/kubectl" uncordon >/dev/null

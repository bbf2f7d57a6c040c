#!/bin/sh
# The rig itself: what every other suite relies on.
set -eu

kubectl=$RIG_BIN/kubectl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		sed 's/^/# /' "$work/out"
	fi
}
is() { [ "$1" = "$2" ] || { echo "$1, expected $2"; return 1; }; }
raw() { "$kubectl" get --raw "$1"; }
count() { "$kubectl" get "$@" --no-headers 2>/dev/null | wc -l; }

check 'the API server is ready' raw /readyz
check 'seven nodes' is "$(count nodes)" 7
check 'all of them ready' is "$("$kubectl" get nodes --no-headers | grep -c ' Ready')" 7
check 'pods of Deployments, StatefulSets, DaemonSets and a Job' is \
	"$("$kubectl" get pods -A -o json | jq -r '.items[].metadata.ownerReferences[0].kind' | sort -u | tr '\n' ' ')" 'DaemonSet Job ReplicaSet StatefulSet '
check 'a pod that has finished' test "$("$kubectl" get pods -A --field-selector status.phase=Succeeded -o name | wc -l)" -ge 1
check 'every claim is bound' is "$("$kubectl" get pvc -A -o 'jsonpath={.items[*].status.phase}' | tr ' ' '\n' | sort -u)" Bound
check 'use of every node' is "$(raw /apis/metrics.k8s.io/v1beta1/nodes | jq '.items | length')" 7
check 'use of more than a hundred pods' test "$(raw /apis/metrics.k8s.io/v1beta1/pods | jq '.items | length')" -gt 100
check 'priority and fairness is on' sh -c "'$kubectl' get --raw /debug/api_priority_and_fairness/dump_priority_levels | grep -q global-default"

# RBAC: a ServiceAccount may do nothing until it is told so.
account=$(sh "$RIG/account.sh" e2e nobody)
check 'an account without rights' sh -c "! '$kubectl' --kubeconfig '$account' get nodes"
check 'the audit log tells its request' grep -q '"username":"system:serviceaccount:e2e:nobody".*"resource":"nodes"' "$RIG_STATE/log/audit.jsonl"

# An evicted pod comes back elsewhere under another name; a budget that allows none is obeyed.
pods=$(count pods -n web -l app=whoami --field-selector status.phase=Running)
victim=$("$kubectl" get pods -n web -l app=whoami -o 'jsonpath={.items[0].metadata.name}')
evict() { # NAMESPACE POD
	printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"namespace":"%s","name":"%s"}}' "$1" "$2" |
		"$kubectl" create --raw "/api/v1/namespaces/$1/pods/$2/eviction" -f -
}
is_back() { [ "$(count pods -n web -l app=whoami --field-selector status.phase=Running)" -eq "$pods" ] && ! "$kubectl" get pod -n web "$victim"; }
is_back_soon() {
	for _ in $(seq 60); do
		is_back >/dev/null 2>&1 && return 0
		sleep 0.5
	done
	is_back
}
check 'an eviction' evict web "$victim"
check 'the evicted pod comes back' is_back_soon
refused() { ! evict "$@" && grep -q 'disruption budget' "$work/out"; }
check 'a budget is obeyed' refused database "$("$kubectl" get pods -n database -l app=postgres -o 'jsonpath={.items[0].metadata.name}')"

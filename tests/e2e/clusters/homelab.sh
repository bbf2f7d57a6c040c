#!/bin/sh
# The demo cluster on a real control plane: seven kwok nodes, its workloads under the real controllers and scheduler,
# usage by the real metrics-server.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
rig=$here/rig
# shellcheck source=../rig/lib.sh
. "$rig/lib.sh"

sh "$rig/up.sh" >/dev/null
if [ -z "$(kubectl get nodes -o name)" ]; then
	# What the demo alone knows (meters, what comes later) is left out. kubectl reads YAML for us; the label is only
	# there to make it print.
	grep -L '^apiVersion: demo.clusterutils/' "$here"/../../demo/*.yaml | xargs cat | kubectl label --local -f - e2e- -o json | python3 "$here/homelab.py" >"$state/homelab.json"
	kubectl create --validate=false -f "$state/homelab.json" >"$state/log/homelab.log"
fi

is_settled() { kubectl get deployments,statefulsets,daemonsets,jobs,pods -A -o json | python3 "$here/settled.py"; }
wait_for 120 'the workloads' is_settled
sh "$rig/metrics.sh"

#!/bin/sh
# Ends what up.sh and metrics.sh have started. The state stays, for the next up.sh; --purge removes it.
set -eu
. "$(dirname "$0")/lib.sh"

[ -d "$state" ] || exit 0
stop metrics-server usage kwok kube-scheduler kube-controller-manager
stop kube-apiserver
stop etcd
if [ "${1:-}" = --purge ] && [ -d "$state/run" ]; then
	rm -rf "$state"
fi

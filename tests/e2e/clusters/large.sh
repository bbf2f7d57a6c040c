#!/bin/sh
# large.sh [NODES PODS]: a cluster written straight into etcd, 1,000 nodes and 20,000 pods unless told otherwise.
# etcd's files are kept in the cache, so that the same cluster comes back in seconds; keys and certificates are new.
# Nobody plays the kubelets but for metrics-server: to keep a thousand nodes alive takes more than two cores.
# LARGE_USAGE=0: not even that.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
rig=$here/rig
# shellcheck source=../rig/lib.sh
. "$rig/lib.sh"

nodes=${1:-1000}
pods=${2:-20000}
kept=$(cd "$bin/.." && pwd -P)/cluster-$nodes-$pods-$port.tar.zst # the kubelets' port is in it

[ ! -d "$state/etcd" ] || die "$state has a cluster already"
mkdir -p "$state"
if [ -f "$kept" ]; then
	zstd -qdc "$kept" | tar -xf - -C "$state"
else
	sh "$rig/up.sh" etcd
	"$bin/fill" -nodes "$nodes" -pods "$pods" -kubelet-port "$port_kwok" -etcd "http://127.0.0.1:$port_etcd" >&2
	stop etcd
	tar -cf - -C "$state" etcd | zstd -q -3 -o "$kept.new.$$"
	mv "$kept.new.$$" "$kept"
fi
RIG_KUBELETS=none sh "$rig/up.sh" >/dev/null
[ "${LARGE_USAGE:-1}" = 1 ] || exit 0
start usage "$bin/fill" -nodes "$nodes" -pods "$pods" -kubelet-port "$port_kwok" -serve-usage "$pki/kubelet"
wait_for 30 'the usage of the nodes' curl -fs --noproxy '*' --cacert "$pki/ca.crt" "https://127.0.0.1:$port_kwok/healthz"
sh "$rig/metrics.sh"

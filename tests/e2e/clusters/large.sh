#!/bin/sh
# large.sh [NODES PODS]: a cluster written straight into etcd, 1,000 nodes and 20,000 pods unless told otherwise.
# etcd's files are kept in the cache, so that the same cluster comes back in seconds; keys and certificates are new.
# LARGE_KWOK=0: nobody plays the kubelets, and there is no usage; for clusters that this machine could not keep alive.
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
	"$bin/fill" -etcd "http://127.0.0.1:$port_etcd" -nodes "$nodes" -pods "$pods" -kubelet-port "$port_kwok" >&2
	stop etcd
	tar -cf - -C "$state" etcd | zstd -q -3 -o "$kept.new.$$"
	mv "$kept.new.$$" "$kept"
fi
RIG_KWOK=${LARGE_KWOK:-1} sh "$rig/up.sh" >/dev/null
[ "${LARGE_KWOK:-1}" = 0 ] || sh "$rig/metrics.sh"

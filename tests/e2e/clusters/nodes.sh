#!/bin/sh
# Three real nodes, whose usage a real metrics-server scrapes from their kubelets. As root; in network namespaces.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
sh "$here/rig/nodes.sh" up >/dev/null
RIG_ADDRESS=10.89.0.1 nsenter --net=/run/netns/clusterutils-0 sh "$here/rig/metrics.sh"

#!/bin/sh
# inside.sh COMMAND...: where the control plane of the real nodes can be reached.
exec nsenter --net=/run/netns/clusterutils-0 "$@"

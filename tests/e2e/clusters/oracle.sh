#!/bin/sh
# A control plane without any node: the suite makes and removes them. Nobody plays their kubelets, and nobody minds: what
# a pod asks for is charged as soon as it is bound.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
RIG_KUBELETS=none sh "$here/rig/up.sh" >/dev/null

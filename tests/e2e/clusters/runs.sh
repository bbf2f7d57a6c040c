#!/bin/sh
# A control plane whose nodes the suite makes: kwok plays their kubelets, the real controllers make pods again, and the
# real scheduler places them.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
sh "$here/rig/up.sh" >/dev/null

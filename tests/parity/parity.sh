#!/bin/sh
# The program beside kubectl, in more than a hundred ways to say where a cluster is and who asks.
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/parity.py" "$@"

#!/bin/sh
# The program against a server that misbehaves (scenarios.py), after a look at whether that server does.
# HTTP/2 needs a Python with the module h2: `make packages-h2` gives one; without it those scenarios are skipped, and say so.
set -eu

here=$(dirname "$0")
chosen=python3
for python in python3 "${XDG_CACHE_HOME:-$HOME/.cache}/clusterutils-h2/bin/python" /usr/bin/python3; do
	if "$python" -c 'import h2' 2>/dev/null; then
		chosen=$python
		break
	fi
done
export PYTHONDONTWRITEBYTECODE=1
"$chosen" "$here/server_test.py"
exec "$chosen" "$here/run.py" "$@"

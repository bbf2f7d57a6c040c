#!/bin/sh
# The live view on a large cluster with a thousand changes a second: busy.sh PROGRAM GENERATE FOLDER [NODES]
# SECONDS_BUSY=, EVENTS=, ROWS= and COLUMNS= change what is done. Prints; judges nothing.
set -eu

program=$1
generate=$2
folder=$3/busy
nodes=${4:-5000}
dump=$folder/$nodes

[ "$(uname -s)" = Linux ] || { echo 'skipped: reads what only the /proc of Linux tells'; exit 0; }
command -v python3 >/dev/null || { echo 'skipped: python3 is missing'; exit 0; }
if [ ! -f "$dump/done" ]; then
	mkdir -p "$dump"
	"$generate" "$nodes" 30 "$dump" api
	touch "$dump/done"
fi
"$program" --version
echo "$nodes nodes, $((nodes * 30)) pods, ${EVENTS:-1000} events a second, a terminal of ${COLUMNS:-160} x ${ROWS:-50}"
exec python3 "$(dirname "$0")/busy.py" "$program" "$dump" --seconds "${SECONDS_BUSY:-60}" --events "${EVENTS:-1000}" \
	--rows "${ROWS:-50}" --columns "${COLUMNS:-160}"

#!/bin/sh
# Whole-process wall time, CPU, peak memory and throughput of `top --from` on generated clusters, beside programs that
# everybody has reading the same bytes: bench.sh PROGRAM GENERATE FOLDER [NODES...]. Prints; judges nothing.
set -eu

program=$1
generate=$2
folder=$3
shift 3
[ $# -gt 0 ] || set -- 7 100 1000 5000
runs=${RUNS:-3}

mkdir -p "$folder"

# measure LABEL BYTES COMMAND...: the median of $runs runs by wall time.
measure() {
	python3 - "$runs" "$@" <<'END'
import os, subprocess, sys, time

runs, label, size, command = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
samples = []
for _ in range(runs):
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if status:
        print(f"{label}: failed with status {status}")
        sys.exit(0)
    samples.append((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
samples.sort()
wall, cpu, memory = samples[len(samples) // 2]
base = os.environ.get("BASE_WALL")
ratio = f"{wall / float(base):8.2f}" if base else "       1"
print(f"  {label:34} {wall:8.2f} s {cpu:8.2f} s {max(s[2] for s in samples):8.1f} MB {size / 1e6 / wall:9.0f} MB/s {ratio}")
if not base:
    with open(os.environ["BASE_FILE"], "w") as out:
        out.write(str(wall))
END
}

"$program" --version
echo "median of $runs runs; the last column is the wall time against top nodes"
for nodes; do
	dump=$folder/$nodes
	if [ ! -f "$dump/done" ]; then
		mkdir -p "$dump"
		"$generate" "$nodes" 30 "$dump"
		touch "$dump/done"
	fi
	size=$(cat "$dump"/*.json | wc -c)
	pods=$(stat -c %s "$dump/pods.json" 2>/dev/null || stat -f %z "$dump/pods.json")
	echo "$nodes nodes, $((nodes * 30)) pods: $((size / 1000000)) MB of JSON           wall      CPU     memory"
	BASE_FILE=$folder/base
	export BASE_FILE
	unset BASE_WALL
	measure 'top nodes' "$size" "$program" top nodes --from "$dump"
	BASE_WALL=$(cat "$BASE_FILE")
	export BASE_WALL
	measure 'top tiers' "$size" "$program" top tiers --from "$dump"
	measure 'top pods -o json' "$size" "$program" top pods --from "$dump" -o json
	measure 'cat' "$size" sh -c "cat $dump/*.json"
	gzip -1 -k -f "$dump/pods.json"
	measure 'gzip -d of the pods' "$pods" gzip -dc "$dump/pods.json.gz"
	rm -f "$dump/pods.json.gz"
	# Both hold the whole list: on the largest cluster that is more memory than many machines have.
	if [ "$nodes" -le 1000 ] || [ -n "${BENCH_ALL:-}" ]; then
		measure 'jq length of the pods' "$pods" jq '.items | length' "$dump/pods.json"
		measure 'python3 json.load of the pods' "$pods" python3 -c "import json; print(len(json.load(open('$dump/pods.json'))['items']))"
	fi
done

#!/bin/sh
# A snapshot of a live cluster beside a plain client that reads the same bytes, and beside kubectl:
# live.sh PROGRAM [NODES PODS]... Wall, CPU and peak memory of the whole process, and the ratio of walls to the plain
# client's. Prints; judges nothing. The server is real (tests/e2e/rig), with its usage scraped once a minute, and rests on
# the same machine: what the server needs for an answer is in every row. The first run writes a cluster, later ones find
# it in the cache.
set -eu
cd "$(dirname "$0")/../.."

program=$1
shift
[ $# -gt 0 ] || set -- 1000 20000 5000 100000
runs=${RUNS:-3}
rig=$PWD/tests/e2e/rig

[ "$(uname -s)" = Linux ] || { echo 'skipped: the control plane runs on Linux only'; exit 0; }
status=0
folder=$(sh "$rig/build.sh") || status=$?
[ "$status" -ne 3 ] || { echo 'skipped: Go >= 1.26 is missing'; exit 0; }
[ "$status" -eq 0 ] || exit "$status"
state=${TMPDIR:-/tmp}
[ ! -w /dev/shm ] || state=/dev/shm
export RIG_BIN="$folder/bin" RIG_PORT=21670 RIG_RESOLUTION=60s
RIG_STATE=$state/clusterutils-bench-$(id -u)
export RIG_STATE KUBECONFIG="$RIG_STATE/admin.kubeconfig"
base=$(mktemp -d)
trap 'sh "$rig/down.sh" --purge; rm -rf "$base"' EXIT
trap 'exit 1' HUP INT TERM

url=https://127.0.0.1:$RIG_PORT

# curl's settings: the administrator's certificate, everything to nowhere.
configure() {
	cat >"$base/curl" <<END
fail
silent
show-error
no-progress-meter
noproxy = "*"
header = "Accept: application/vnd.kubernetes.protobuf"
cacert = "$RIG_STATE/pki/ca.crt"
cert = "$RIG_STATE/pki/admin.crt"
key = "$RIG_STATE/pki/admin.key"
url = "$url/api/v1/nodes?resourceVersion=0"
output = /dev/null
url = "$url/api/v1/pods?resourceVersion=0"
output = /dev/null
END
}

measure() { # LABEL COMMAND...
	label=$1
	shift
	python3 tests/bench/measure.py "$runs" "$label" "$base/$nodes" -- "$@"
}

"$program" --version
while [ $# -gt 1 ]; do
	nodes=$1
	pods=$2
	shift 2
	needed=$((1 + pods / 12000)) # GB, the server included
	available=$(awk '/^MemAvailable/ { print int($2 / 1000000) }' /proc/meminfo)
	if [ "$available" -lt "$needed" ]; then
		echo "skipped: $nodes nodes, $pods pods: needs $needed GB of memory, $available are free"
		continue
	fi
	sh "$rig/down.sh" --purge
	# To scrape thousands of nodes keeps a small machine busy; without usage it is less to read for everybody.
	usage=1
	metrics=$url/apis/metrics.k8s.io/v1beta1/nodes
	[ "$nodes" -le 1000 ] || usage=0
	LARGE_USAGE=$usage sh tests/e2e/clusters/large.sh "$nodes" "$pods"
	configure
	[ "$usage" = 0 ] || printf 'url = "%s"\noutput = /dev/null\n' "$metrics" >>"$base/curl"
	bytes=$(curl -K "$base/curl" -w '%{size_download} ' | awk '{ print int(($1 + $2 + $3) / 1000000) }')
	printf '%-50s %10s %10s %11s %7s\n' "$nodes nodes, $pods pods: $bytes MB of protobuf" wall CPU memory ratio
	# A server that has just come up is busy with its controllers, and has encoded nothing yet.
	for _ in 1 2 3 4 5; do
		curl -K "$base/curl"
		sleep 2
	done
	measure 'curl, the same lists one after the other' curl -K "$base/curl"
	measure 'curl, the same lists side by side' curl -K "$base/curl" --parallel
	measure 'top nodes' "$program" top nodes
	measure 'top nodes -o json' "$program" top nodes -o json
	measure 'top nodes --wire json' "$program" top nodes --wire json
	measure 'top pods' "$program" top pods
	theirs='top'
	[ "$usage" = 1 ] || theirs='get'
	measure "kubectl $theirs nodes" "$RIG_BIN/kubectl" $theirs nodes
	measure 'kubectl get pods -A' "$RIG_BIN/kubectl" get pods -A
	measure "kubectl $theirs nodes; kubectl get pods -A" sh -c "'$RIG_BIN/kubectl' $theirs nodes && '$RIG_BIN/kubectl' get pods -A"
	[ "$usage" = 0 ] || measure 'kubectl top pods -A' "$RIG_BIN/kubectl" top pods -A
done

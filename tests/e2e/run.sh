#!/bin/sh
# End-to-end tests against a real control plane.
#   run.sh [SUITE...]       makes each cluster, runs its suites, takes it down; SUITE is a name without .sh or .py
#   run.sh up [CLUSTER]     makes a cluster (homelab, runs, oracle, large, nodes), leaves it running, prints how to reach it
#   run.sh down             takes it down
# Suites are suites/*.{sh,py} for the cluster homelab, suites/runs, suites/oracle and suites/large for these, and suites/nodes
# for nodes, which are real ones and need root and what `tools/packages.sh nodes` installs; without these they are skipped.
# Suites run one after the other from the top folder, print TAP or `NAME: N passed, N failed`, and find in their
# environment
#   KUBECTL_CLUSTERUTILS  the program
#   DRIVE, LANDING        tests/e2e/drive.c and landing.c, built
#   KUBECONFIG            the administrator's
#   RIG                   the rig's scripts, and RIG_STATE, RIG_PORT, RIG_ADDRESS for them; RIG_BIN, where kubectl is
# Ends with the line "N passed, N failed"; where the rig cannot be built, with the reason and a count of nothing.
set -eu
cd "$(dirname "$0")/../.."
export RIG="$PWD/tests/e2e/rig" PYTHONPATH="$PWD/tests/e2e/lib" PYTHONDONTWRITEBYTECODE=1

state=${TMPDIR:-/tmp}
[ ! -w /dev/shm ] || state=/dev/shm
state=$state/clusterutils-e2e-$(id -u)

leave() { # REASON
	echo "skipped: e2e: $1"
	echo '0 passed, 0 failed'
	exit 0
}

# Whichever it is.
take_down() {
	if [ -s "$RIG_STATE/etc/node-corellia.kubeconfig" ]; then
		sh "$RIG/nodes.sh" down --purge
	else
		sh "$RIG/down.sh" --purge
	fi
}

build() {
	[ "$(uname -s)" = Linux ] || leave 'the control plane runs on Linux only'
	status=0
	folder=$(sh "$RIG/build.sh") || status=$?
	[ "$status" -ne 3 ] || leave 'Go >= 1.26 is missing'
	[ "$status" -eq 0 ] || exit "$status"
	export RIG_BIN="$folder/bin"
}

case ${1:-} in
up)
	build
	export RIG_STATE="${RIG_STATE:-$state}"
	sh "tests/e2e/clusters/${2:-homelab}.sh"
	[ "${2:-}" != nodes ] || echo '# from inside: nsenter --net=/run/netns/clusterutils-0'
	echo "export KUBECONFIG=$RIG_STATE/admin.kubeconfig PATH=$RIG_BIN:\$PATH"
	exit 0
	;;
down)
	export RIG_STATE="${RIG_STATE:-$state}"
	take_down
	exit 0
	;;
esac

# A cluster of its own, beside the one that `up` may have left running.
export RIG_STATE="$state-test" RIG_PORT=21650 KUBECONFIG="$state-test/admin.kubeconfig"
: "${KUBECTL_CLUSTERUTILS:?set it to the program under test}"
build
# One at a time, whoever runs it: the ports are the same, and the machine is.
exec 9>"$state-test.lock"
flock -n 9 || {
	echo 'waiting for another run to end' >&2
	flock 9
}
results=$(mktemp -d)
trap 'take_down; rm -rf "$results"' EXIT
trap 'exit 1' HUP INT TERM

wanted() { # FILE NAME...: nothing named is all
	[ -f "$1" ] || return 1
	base=$(basename "${1%.*}")
	shift
	[ $# -gt 0 ] || return 0
	for name; do
		[ "$name" != "$base" ] || return 0
	done
	return 1
}

# run_suites CLUSTER FOLDER SUITE...
run_suites() {
	cluster=$1
	folder=$2
	shift 2
	for file in "$folder"/*.sh "$folder"/*.py; do
		wanted "$file" "$@" || continue
		case $file in
		*.sh) echo "sh $file" ;;
		*.py) echo "python3 $file" ;;
		esac
	done >"$results/suites"
	[ -s "$results/suites" ] || return 0

	take_down
	start=$(date +%s)
	if ! sh "tests/e2e/clusters/$cluster.sh"; then
		echo "not ok - the cluster $cluster" | tee "$results/$cluster"
		echo '0 passed, 1 failed' >>"$results/$cluster"
		return 0
	fi
	echo "cluster $cluster: made in $(($(date +%s) - start)) s"
	# shellcheck disable=SC2046 # a line is one argument
	(IFS='
' && set -f && JOBS=1 $enter tests/run.sh $(cat "$results/suites")) >"$results/$cluster" || true
	sed "s/^\([0-9]* passed, [0-9]* failed\)\$/cluster $cluster: \1/" "$results/$cluster"
	take_down
}

# can_have_nodes: says why not.
can_have_nodes() {
	[ "$(id -u)" -eq 0 ] || {
		echo 'skipped: e2e: real nodes need root'
		return 1
	}
	for command in containerd runc docker-registry umoci skopeo busybox ip nsenter iptables; do
		command -v "$command" >/dev/null || {
			echo "skipped: e2e: real nodes need $command: tools/packages.sh nodes"
			return 1
		}
	done
}

enter=

run_suites homelab tests/e2e/suites "$@"
run_suites runs tests/e2e/suites/runs "$@"
run_suites oracle tests/e2e/suites/oracle "$@"
run_suites large tests/e2e/suites/large "$@"
if can_have_nodes; then
	export RIG_ADDRESS=10.89.0.1
	# shellcheck disable=SC2034 # used by run_suites
	enter=$RIG/inside.sh
	run_suites nodes tests/e2e/suites/nodes "$@"
fi

touch "$results/homelab" "$results/runs" "$results/oracle" "$results/large" "$results/nodes"
awk '/^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3 } END { print p + 0 " passed, " f + 0 " failed"; exit f > 0 || p == 0 }' \
	"$results/homelab" "$results/runs" "$results/oracle" "$results/large" "$results/nodes"

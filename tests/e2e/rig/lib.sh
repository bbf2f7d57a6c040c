# Shared by the scripts of this folder; sourced, never run. What they can be told, by the environment:
#   RIG_STATE  folder of one cluster: keys, etcd's data, logs, process ids; on tmpfs unless told otherwise
#   RIG_PORT   first of ten consecutive ports
#   RIG_BIN    folder of the binaries, where the one built last will not do
# Linux only.
# shellcheck shell=sh
# shellcheck disable=SC2034 # the names are for the scripts

rig=${rig:-$(cd "$(dirname "$0")" && pwd)} # a script elsewhere sets it first
cache=${XDG_CACHE_HOME:-$HOME/.cache}/clusterutils-e2e
bin=${RIG_BIN:-$cache/current/bin} # build.sh tells; there may be several versions

if [ -d /dev/shm ] && [ -w /dev/shm ]; then
	memory=/dev/shm
else
	memory=${TMPDIR:-/tmp}
fi
state=${RIG_STATE:-$memory/clusterutils-e2e-$(id -u)}
port=${RIG_PORT:-21640}
address=${RIG_ADDRESS:-127.0.0.1} # where the API server listens

port_api=$port
port_etcd=$((port + 1))
port_peer=$((port + 2))
port_controllers=$((port + 3))
port_scheduler=$((port + 4))
port_kwok=$((port + 5))
port_metrics=$((port + 6))
port_registry=$((port + 7))

pki=$state/pki
admin=$state/admin.kubeconfig

kubectl() { "$bin/kubectl" --kubeconfig "$admin" "$@"; }

# say WORDS: what happens is for stderr, results are for stdout.
say() { printf '%s\n' "$*" >&2; }

die() {
	say "$*"
	exit 1
}

# Processes are known by id and time of start, so that nobody else's process is ever ended.

# born PID: when it started, in the kernel's ticks; nothing if it is dead and only waits to be reaped.
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }

# is_running NAME
is_running() {
	[ -s "$state/run/$1" ] || return 1
	read -r id birth <"$state/run/$1"
	[ "$(born "$id")" = "$birth" ]
}

# start NAME COMMAND...: if it is not running.
start() {
	name=$1
	shift
	is_running "$name" && return 0
	mkdir -p "$state/run" "$state/log"
	setsid "$@" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- & # 9 is the lock of run.sh
	echo "$! $(born $!)" >"$state/run/$name"
}

# stop NAME...: all at once, by force after ten seconds.
stop() {
	for name; do
		is_running "$name" && kill "$id"
	done
	for name; do
		tries=100
		while is_running "$name"; do
			tries=$((tries - 1))
			[ "$tries" -ne 0 ] || kill -9 "$id"
			sleep 0.1
		done
		rm -f "$state/run/$name"
	done
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds; ends the script if it never does, or a process has ended.
wait_for() {
	until=$(($(date +%s) + $1))
	what=$2
	shift 2
	pause=0.1
	until "$@" >/dev/null 2>"$state/log/waiting"; do
		for name in "$state"/run/*; do
			name=${name##*/}
			is_running "$name" && continue
			say "$name has ended:"
			tail -n 5 "$state/log/$name.log" >&2
			exit 1
		done
		if [ "$(date +%s)" -ge "$until" ]; then
			say "gave up waiting for $what:"
			tail -n 5 "$state/log/waiting" >&2
			exit 1
		fi
		sleep $pause
		pause=0.5 # asking costs too
	done
}

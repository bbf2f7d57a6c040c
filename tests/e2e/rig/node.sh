#!/bin/sh
# node.sh up|down NAME NUMBER: a real node in the network namespace of that number: containerd, runc, kubelet, as root.
# Its files are below RIG_DISK/NAME (/var/tmp/clusterutils-e2e): an image does not belong on tmpfs.
set -eu
. "$(dirname "$0")/lib.sh"

node=$2
number=$3
disk=${RIG_DISK:-/var/tmp/clusterutils-e2e}/$node
registry=$address:$port_registry
inside="nsenter --net=/run/netns/clusterutils-$number"
ctr() { command ctr -a "$disk/containerd.sock" -n k8s.io "$@"; }

# Every hierarchy of cgroup v1 needs kubelet's root, also that of systemd; a cpuset without CPUs takes no process.
make_cgroups() {
	for hierarchy in /sys/fs/cgroup/*/; do
		case $hierarchy in */unified/) continue ;; esac
		mkdir -p "$hierarchy/clusterutils/$node"
		[ -f "$hierarchy/cpuset.cpus" ] || continue
		for folder in "$hierarchy/clusterutils" "$hierarchy/clusterutils/$node"; do
			cat "$hierarchy/cpuset.cpus" >"$folder/cpuset.cpus"
			cat "$hierarchy/cpuset.mems" >"$folder/cpuset.mems"
		done
	done
}

# restrict_oom_score_adj: in a container of a CI system nobody may lower it. Every image comes from our registry, whatever
# registry its name tells, and no other is tried.
configure() {
	mkdir -p "$disk/root" "$disk/state" "$disk/kubelet" "$disk/cni" "$disk/certs.d/_default" "$disk/certs.d/$registry"
	cat >"$disk/containerd.toml" <<-END
		version = 2
		root = "$disk/root"
		state = "$disk/state"
		[grpc]
		  address = "$disk/containerd.sock"
		[ttrpc]
		  address = "$disk/containerd.sock.ttrpc"
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "$registry/pause:3.10"
		  netns_mounts_under_state_dir = true
		  disable_apparmor = true
		  restrict_oom_score_adj = true
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		    runtime_type = "io.containerd.runc.v2"
		    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
		      SystemdCgroup = false
		      Root = "$disk/state/runc"
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    bin_dir = "/usr/lib/cni"
		    conf_dir = "$disk/cni"
		  [plugins."io.containerd.grpc.v1.cri".registry]
		    config_path = "$disk/certs.d"
	END
	for folder in _default "$registry"; do
		printf 'server = "http://%s"\n[host."http://%s"]\n  capabilities = ["pull", "resolve"]\n' "$registry" "$registry" \
			>"$disk/certs.d/$folder/hosts.toml"
	done
	cat >"$disk/cni/10-rig.conflist" <<-END
		{"cniVersion": "0.4.0", "name": "rig", "plugins": [{"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
		 "ipam": {"type": "host-local", "dataDir": "$disk/cni-addresses", "routes": [{"dst": "0.0.0.0/0"}],
		  "ranges": [[{"subnet": "10.245.$number.0/24"}]]}}]}
	END
	cat >"$disk/kubelet.yaml" <<-END
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		address: 10.89.0.1$number
		containerRuntimeEndpoint: unix://$disk/containerd.sock
		cgroupDriver: cgroupfs
		cgroupRoot: /clusterutils/$node
		failCgroupV1: false
		failSwapOn: false
		makeIPTablesUtilChains: false
		podLogsDir: $disk/logs
		volumePluginDir: $disk/plugins
		resolvConf: ""
		clusterDomain: cluster.local
		readOnlyPort: 0
		tlsCertFile: $pki/node-$node.crt
		tlsPrivateKeyFile: $pki/node-$node.key
		authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
		authorization: {mode: Webhook}
		nodeStatusUpdateFrequency: 5s
		nodeStatusReportFrequency: 10s
		syncFrequency: 10s
		serializeImagePulls: false
		imageGCHighThresholdPercent: 100
		evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
	END
}

go_down() {
	stop "kubelet-$node"
	if is_running "containerd-$node"; then
		for task in $(ctr task ls -q); do
			ctr task kill -s KILL "$task" 2>/dev/null || true
		done
		for _ in $(seq 50); do
			ctr task ls | grep -q RUNNING || break
			sleep 0.1
		done
		for task in $(ctr task ls -q); do
			ctr task rm -f "$task" >/dev/null 2>&1 || true
		done
		stop "containerd-$node"
	fi
	# A shim outlives its containerd; it is ours if it was told our socket.
	for process in /proc/[0-9]*; do
		{ tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null | grep -q "^[^ ]*containerd-shim-runc-v2 .*$disk/containerd.sock" || continue
		kill "${process#/proc/}" 2>/dev/null || true
	done
	awk -v disk="$disk/" 'index($2, disk) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
		umount -l "$mount" || true
	done
	find /sys/fs/cgroup/*/clusterutils/"$node" -depth -type d -exec rmdir {} + 2>/dev/null || true
	rm -rf "$disk"
}

case $1 in
up)
	configure
	make_cgroups
	# shellcheck disable=SC2086 # words
	start "containerd-$node" $inside containerd -c "$disk/containerd.toml"
	wait_for 30 "containerd of $node" ctr version
	# shellcheck disable=SC2086
	start "kubelet-$node" $inside "$bin/kubelet" --config "$disk/kubelet.yaml" --kubeconfig "$state/etc/node-$node.kubeconfig" \
		--root-dir "$disk/kubelet" --cert-dir "$disk/kubelet/pki" --hostname-override "$node" --node-ip "10.89.0.1$number" --v=1
	;;
down) go_down ;;
esac

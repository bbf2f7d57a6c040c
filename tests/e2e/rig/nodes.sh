#!/bin/sh
# nodes.sh up|down: three real nodes with a control plane and an image registry, all in network namespaces, as root.
# Needs the packages that `tools/packages.sh nodes` installs. Prints the administrator's kubeconfig; the API server is
# reached from inside alone:
#   nsenter --net=/run/netns/clusterutils-0 kubectl get nodes
set -eu
export RIG_ADDRESS=10.89.0.1 RIG_KUBELETS=real RIG_NODES='corellia:10.89.0.11 mandalore:10.89.0.12 tatooine:10.89.0.13'
. "$(dirname "$0")/lib.sh"

inside() { nsenter --net=/run/netns/clusterutils-0 "$@"; }

# What a kubelet rewrites for the whole machine when it starts.
settings='vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes'
remember_settings() {
	# shellcheck disable=SC2086
	[ -s "$state/sysctl" ] || sysctl -e $settings | tr -d ' ' >"$state/sysctl"
}
restore_settings() {
	# shellcheck disable=SC2046
	[ ! -s "$state/sysctl" ] || sysctl -qw $(cat "$state/sysctl")
}

each_node() { # up|down: side by side. Only these are waited for: the registry is a child too.
	number=0
	children=
	for node in $RIG_NODES; do
		number=$((number + 1))
		sh "$rig/node.sh" "$1" "${node%:*}" $number &
		children="$children $!"
	done
	# shellcheck disable=SC2086
	wait $children
}

fill_registry() {
	layout=$(sh "$rig/images.sh")
	mkdir -p "$state/registry" "$state/etc"
	cat >"$state/etc/registry.yaml" <<-END
		version: 0.1
		log: {level: warn}
		storage: {filesystem: {rootdirectory: $state/registry}, delete: {enabled: true}}
		http: {addr: "$address:$port_registry"}
	END
	start registry nsenter --net=/run/netns/clusterutils-0 docker-registry serve "$state/etc/registry.yaml"
	wait_for 30 'the registry' inside curl -fs --noproxy '*' "http://$address:$port_registry/v2/"
	# Docker Hub's short names are below library/.
	for image in pause:3.10 library/busybox:1.35 library/big:1; do
		tag=${image%:*}
		inside skopeo copy -q --dest-tls-verify=false "oci:$layout:${tag##*/}" "docker://$address:$port_registry/$image"
	done
}

all_ready() { [ "$(inside "$bin/kubectl" --kubeconfig "$admin" get nodes --no-headers | grep -c ' Ready')" -eq 3 ]; }

case ${1:-} in
up)
	[ "$(id -u)" -eq 0 ] || die 'nodes.sh: needs root'
	mkdir -p "$state/run" "$state/log"
	remember_settings
	sh "$rig/network.sh" up
	inside sh "$rig/up.sh"
	fill_registry
	each_node up
	wait_for 90 'three nodes that are ready' all_ready
	restore_settings
	;;
down)
	each_node down
	stop registry
	sh "$rig/down.sh"
	restore_settings
	find /sys/fs/cgroup/*/clusterutils -maxdepth 0 -type d -exec rmdir {} + 2>/dev/null || true
	sh "$rig/network.sh" down
	[ "${2:-}" != --purge ] || sh "$rig/down.sh" --purge
	;;
*)
	die 'usage: nodes.sh up|down [--purge]'
	;;
esac

#!/bin/sh
# network.sh up|down: network namespaces for a control plane and real nodes, as root.
#   clusterutils-0      the control plane, 10.89.0.1, with a bridge
#   clusterutils-1..3   the nodes, 10.89.0.11..13; their pods are 10.245.1..3.0/24
# Outside of them these addresses lead nowhere, so that a slip never leaves the machine. Commands enter by
# `nsenter --net=`: `ip netns exec` mounts /sys anew and so hides the cgroups.
set -eu

nodes='1 2 3'
name=clusterutils

exists() { [ -e "/run/netns/$name-$1" ]; }

case ${1:-} in
up)
	ip route replace unreachable 10.89.0.0/24
	ip route replace unreachable 10.245.0.0/16
	exists 0 || {
		ip netns add $name-0
		ip -n $name-0 link set lo up
		ip -n $name-0 link add br0 type bridge
		ip -n $name-0 addr add 10.89.0.1/24 dev br0
		ip -n $name-0 link set br0 up
	}
	for i in $nodes; do
		exists "$i" && continue
		ip netns add $name-"$i"
		ip -n $name-"$i" link set lo up
		ip link add eth0 netns $name-"$i" type veth peer name "node$i" netns $name-0
		ip -n $name-0 link set "node$i" master br0 up
		ip -n $name-"$i" addr add "10.89.0.1$i/24" dev eth0
		ip -n $name-"$i" link set eth0 up
		ip -n $name-"$i" route add default via 10.89.0.1
		nsenter --net=/run/netns/$name-"$i" sysctl -qw net.ipv4.ip_forward=1
		ip -n $name-0 route add "10.245.$i.0/24" via "10.89.0.1$i"
		for j in $nodes; do
			[ "$i" = "$j" ] || ip -n $name-"$i" route add "10.245.$j.0/24" via "10.89.0.1$j"
		done
	done
	;;
down)
	for i in 0 $nodes; do
		! exists "$i" || ip netns del $name-"$i"
	done
	ip route del unreachable 10.89.0.0/24 2>/dev/null || true
	ip route del unreachable 10.245.0.0/16 2>/dev/null || true
	;;
*)
	echo 'usage: network.sh up|down' >&2
	exit 2
	;;
esac

#!/bin/sh
# Makes the images of the real nodes as an OCI layout, with umoci alone, and prints its folder; what is there stays.
#   pause     what a pod's sandbox runs: 20 lines of C, static
#   busybox   the static busybox of this system
#   big       64 MiB more that do not compress, for pulls that take a while
set -eu
. "$(dirname "$0")/lib.sh"

layout=$(cd "$bin/.." && pwd -P)/images
if [ ! -d "$layout" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	cd "$work"
	umoci init --layout oci

	image() { # TAG FOLDER CONFIG...
		tag=$1
		from=$2
		shift 2
		umoci new --image "oci:$tag"
		umoci unpack --image "oci:$tag" bundle
		cp -a "$from/." bundle/rootfs/
		umoci repack --image "oci:$tag" bundle
		umoci config --image "oci:$tag" "$@"
		rm -rf bundle
	}

	mkdir -p pause busybox/bin busybox/etc busybox/tmp
	cc -static -O2 -o pause/pause "$rig/pause.c"
	cp "$(command -v busybox)" busybox/bin/busybox
	for command in $(busybox --list); do
		[ "$command" = busybox ] || ln -s busybox "busybox/bin/$command"
	done
	echo root:x:0:0:root:/tmp:/bin/sh >busybox/etc/passwd
	chmod 1777 busybox/tmp
	cp -a busybox big
	head -c 67108864 /dev/urandom >big/data
	{
		image pause pause --config.entrypoint /pause
		image busybox busybox --config.cmd sh --config.env PATH=/bin
		image big big --config.cmd sh --config.env PATH=/bin
	} >&2
	mv oci "$layout"
fi
echo "$layout"

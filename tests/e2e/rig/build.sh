#!/bin/sh
# Builds the rig's two binaries into the cache, if this version of them is not there yet, and prints the folder:
#   bin/     kube with a symbolic link for each of its programs, and fill
#   stages/  what kwok does to nodes and pods, as its own module ships it
# From nothing about 11 minutes of one core and 1 GB of modules; with Go's build cache warm, 20 seconds.
# Exits with 3 if there is no Go that can build it.
set -eu
. "$(dirname "$0")/lib.sh"

kubernetes=1.36.3
version=k8s.io/component-base/version
ldflags="-s -w -X $version.gitVersion=v$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=36 -X $version.gitTreeState=clean"
ldflags="$ldflags -X $version.gitCommit=0000000000000000000000000000000000000000 -X $version.buildDate=2026-02-10T12:53:36Z"
ldflags="$ldflags -X k8s.io/client-go/pkg/version.gitVersion=v$kubernetes"

cd "$rig"
# What go.mod asks for is 1.26; from 1.21 on, go fetches the toolchain that go.mod names.
export GOTOOLCHAIN="${GOTOOLCHAIN:-auto}" CGO_ENABLED=0 GOFLAGS='-buildvcs=false -trimpath' GOWORK=off
if ! go=$(go env GOVERSION 2>/dev/null) || ! go mod edit -json 2>/dev/null | grep -q '"Go": "1.26'; then
	echo "Go 1.26, or 1.21 and what it fetches, is missing" >&2
	exit 3
fi
case $go in
go1.[0-9] | go1.[0-9].* | go1.1[0-9]* | go1.2[0-5]*)
	echo "Go 1.26 is missing: this is $go, which could not fetch it" >&2
	exit 3
	;;
esac

key=$( (cat go.mod go.sum main.go fill/*.go && echo "$ldflags" "$go") | sha256sum | cut -c 1-16)
folder=$cache/$key
if [ ! -d "$folder" ]; then
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	trap 'exit 1' HUP INT TERM
	mkdir "$new/bin" "$new/stages"
	echo "building the rig into $folder (once; up to 11 minutes)" >&2
	go build -ldflags "$ldflags" -o "$new/bin/kube" .
	go build -ldflags '-s -w' -o "$new/bin/fill" ./fill
	for program in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl kwok metrics-server; do
		ln -s kube "$new/bin/$program"
	done
	kwok=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize
	for stage in stage/node/fast/node-initialize stage/node/heartbeat-with-lease/node-heartbeat-with-lease \
		stage/pod/fast/pod-ready stage/pod/fast/pod-complete stage/pod/fast/pod-delete \
		metrics/resource/metrics-resource metrics/usage/usage-from-annotation; do
		cp "$kwok/$stage.yaml" "$new/stages/"
	done
	chmod 755 "$new"
	mv -T "$new" "$folder"
fi
ln -sfn "$key" "$cache/current"
echo "$folder"

#!/bin/sh
# Records what an API server answers, in both formats: KIND.json and KIND.pb are one list each, the other files are what
# their names say. Needs an empty cluster with kwok (nodes with the annotation kwok.x-k8s.io/node: fake) and
# metrics-server (and once more, as "record.sh expired", after a restart of the API server), kubectl and its KUBECONFIG
# with the certificate of an administrator; "record.sh storage" needs no node. Recorded from Kubernetes 1.36.3.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
field() { kubectl config view --raw --minify --flatten -o "jsonpath={$1}"; }
server=$(field '.clusters[0].cluster.server')
field '.clusters[0].cluster.certificate-authority-data' | base64 -d >"$work/ca"
field '.users[0].user.client-certificate-data' | base64 -d >"$work/crt"
field '.users[0].user.client-key-data' | base64 -d >"$work/key"

# get TYPE PATH FILE: the body, whatever the status
get() {
	curl -sS --cacert "$work/ca" --cert "$work/crt" --key "$work/key" -H "Accept: $1" "$server$2" -o "$3"
}
protobuf=application/vnd.kubernetes.protobuf

# Both formats of one state: the same answer in JSON before and after.
pair() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		get application/json "$2" "$1.json"
		get "$protobuf" "$2" "$1.pb"
		get application/json "$2" "$work/again"
		cmp -s "$1.json" "$work/again" && return
	done
	echo "$1: changes all the time" >&2
	exit 1
}

# The API server must have been started again since: its cache then begins later than the version that is asked for.
if [ "${1-}" = expired ]; then
	get application/json "/api/v1/nodes?watch=1&resourceVersion=2&timeoutSeconds=2" expired.json
	get "$protobuf" "/api/v1/nodes?watch=1&resourceVersion=2&timeoutSeconds=2" expired.pb
	exit
fi

in=namespaces/wire-storage
if [ "${1-}" = storage ]; then
	kubectl apply -f storage.yaml >/dev/null
	kubectl wait -n wire-storage --for=jsonpath='{.status.phase}'=Bound pvc/bound >/dev/null
	pair services /api/v1/$in/services
	pair csinodes /apis/storage.k8s.io/v1/csinodes
	pair csidrivers /apis/storage.k8s.io/v1/csidrivers
	pair csistoragecapacities /apis/storage.k8s.io/v1/$in/csistoragecapacities
	pair volumeattachments /apis/storage.k8s.io/v1/volumeattachments
	pair storage-deployments /apis/apps/v1/$in/deployments
	pair storage-poddisruptionbudgets /apis/policy/v1/$in/poddisruptionbudgets
	pair storage-persistentvolumes /api/v1/persistentvolumes
	pair storage-persistentvolumeclaims /api/v1/$in/persistentvolumeclaims
	pair storage-storageclasses /apis/storage.k8s.io/v1/storageclasses
	exit
fi

kubectl create namespace wire >/dev/null
kubectl apply -f objects.yaml -f placed.yaml >/dev/null
kubectl wait -n wire --for=condition=Ready pod/running >/dev/null
sh status.sh
until kubectl get --raw /apis/metrics.k8s.io/v1beta1/namespaces/wire/pods | grep -q usage; do sleep 1; done

in=namespaces/wire
pair nodes /api/v1/nodes
pair pods /api/v1/$in/pods
pair replicasets /apis/apps/v1/$in/replicasets
pair deployments /apis/apps/v1/$in/deployments
pair statefulsets /apis/apps/v1/$in/statefulsets
pair daemonsets /apis/apps/v1/$in/daemonsets
pair jobs /apis/batch/v1/$in/jobs
pair cronjobs /apis/batch/v1/$in/cronjobs
pair priorityclasses /apis/scheduling.k8s.io/v1/priorityclasses
pair poddisruptionbudgets /apis/policy/v1/$in/poddisruptionbudgets
pair namespaces /api/v1/namespaces
pair placed /api/v1/namespaces/wire-placed/pods
pair persistentvolumes /api/v1/persistentvolumes
pair persistentvolumeclaims /api/v1/$in/persistentvolumeclaims
pair storageclasses /apis/storage.k8s.io/v1/storageclasses
pair events "/api/v1/$in/events?fieldSelector=reason!=SuccessfulCreate,reason!=NoPods"
pair nodemetrics /apis/metrics.k8s.io/v1beta1/nodes
pair podmetrics /apis/metrics.k8s.io/v1beta1/$in/pods
pair page "/apis/storage.k8s.io/v1/storageclasses?limit=1"
pair status /api/v1/$in/pods/none
for type in json vnd.kubernetes.protobuf; do
	ending=$(echo "$type" | sed 's/vnd.kubernetes.protobuf/pb/')
	get "application/$type;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" /apis/apps/v1/$in/replicasets \
		"partial.$ending"
	# A watch from the beginning: what is there, the bookmark that ends it, then a change and a deletion.
	get "application/$type" "/api/v1/$in/configmaps?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&$(
		)resourceVersionMatch=NotOlderThan&timeoutSeconds=3&fieldSelector=metadata.name=watched-$ending" \
		"watch.$ending" &
	sleep 1
	kubectl create configmap -n wire "watched-$ending" --from-literal=a=1 >/dev/null
	kubectl label configmap -n wire "watched-$ending" b=2 >/dev/null
	kubectl delete configmap -n wire "watched-$ending" >/dev/null
	wait
done

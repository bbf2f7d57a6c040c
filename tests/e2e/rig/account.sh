#!/bin/sh
# account.sh NAMESPACE NAME: makes a ServiceAccount without any right and prints the path of a kubeconfig for it.
set -eu
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || die "usage: account.sh NAMESPACE NAME"
kubectl get namespace "$1" >/dev/null 2>&1 || kubectl create namespace "$1" >/dev/null
kubectl get serviceaccount -n "$1" "$2" >/dev/null 2>&1 || kubectl create serviceaccount -n "$1" "$2" >/dev/null
file=$state/$1-$2.kubeconfig
umask 077
cat >"$file" <<END
apiVersion: v1
kind: Config
clusters: [{name: rig, cluster: {server: "https://$address:$port_api", certificate-authority: $pki/ca.crt}}]
users: [{name: $2, user: {token: $(kubectl create token -n "$1" "$2" --duration 24h)}}]
contexts: [{name: rig, context: {cluster: rig, user: $2, namespace: $1}}]
current-context: rig
END
echo "$file"

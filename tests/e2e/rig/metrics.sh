#!/bin/sh
# Starts the real metrics-server. kwok plays the kubelet's /metrics/resource (a node's annotation tells the path), with
# the usage that a pod's annotations kwok.x-k8s.io/usage-cpu and usage-memory tell for each of its containers.
# The API server reaches it by the name localhost: an endpoint on loopback is not allowed, an ExternalName is.
# RIG_RESOLUTION (10s) is the time between two scrapes, of which it takes two.
# Returns when every node that is ready and every pod that runs has a sample.
set -eu
. "$(dirname "$0")/lib.sh"

start metrics-server "$bin/metrics-server" --kubeconfig "$state/etc/metrics-server.kubeconfig" \
	--authentication-kubeconfig "$state/etc/metrics-server.kubeconfig" \
	--authorization-kubeconfig "$state/etc/metrics-server.kubeconfig" \
	--bind-address 127.0.0.1 --secure-port "$port_metrics" \
	--tls-cert-file "$pki/metrics-server-tls.crt" --tls-private-key-file "$pki/metrics-server-tls.key" \
	--requestheader-client-ca-file "$pki/front-proxy-ca.crt" \
	--kubelet-insecure-tls --kubelet-use-node-status-port --kubelet-preferred-address-types InternalIP \
	--kubelet-client-certificate "$pki/apiserver-kubelet.crt" --kubelet-client-key "$pki/apiserver-kubelet.key" \
	--metric-resolution "${RIG_RESOLUTION:-10s}" --kubelet-request-timeout 5s --v=1
kubectl apply -f - >/dev/null <<END
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {type: ExternalName, externalName: localhost, ports: [{port: $port_metrics, name: https}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  caBundle: $(base64 -w 0 "$pki/ca.crt")
  service: {name: metrics-server, namespace: kube-system, port: $port_metrics}
END

at_least() { [ "$(kubectl get --raw "/apis/metrics.k8s.io/v1beta1/$1" | grep -o '"timestamp"' | wc -l)" -ge "$2" ]; }
wait_for 240 'a sample of every node' at_least nodes "$(kubectl get nodes --no-headers | grep -c ' Ready')"
wait_for 240 'a sample of every pod' at_least pods "$(kubectl get pods -A --field-selector status.phase=Running -o name | wc -l)"

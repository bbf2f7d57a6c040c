#!/bin/sh
# Starts a control plane on loopback: etcd, kube-apiserver with TLS, RBAC and priority and fairness, the controllers, the
# scheduler, and kwok, which plays the kubelet of every node with the annotation kwok.x-k8s.io/node=fake.
# What runs already stays. Prints the path of the administrator's kubeconfig.
#   up.sh        all of it
#   up.sh etcd   etcd alone, for fill
# RIG_KUBELETS=none leaves kwok out; nodes then stay as they are, nobody renews their leases and nobody minds.
# RIG_KUBELETS=real leaves it out because others will come.
set -eu
. "$(dirname "$0")/lib.sh"

mkdir -p "$state/etc" "$state/log" "$state/run"
[ -x "$bin/kube" ] || die "the rig is not built: run build.sh"
[ -s "$admin" ] || sh "$rig/pki.sh"

get() { curl -fs -o /dev/null --max-time 5 --noproxy '*' --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" "$@"; }

start etcd "$bin/etcd" --name rig --data-dir "$state/etcd" --log-level warn --unsafe-no-fsync \
	--listen-client-urls "http://127.0.0.1:$port_etcd" --advertise-client-urls "http://127.0.0.1:$port_etcd" \
	--listen-peer-urls "http://127.0.0.1:$port_peer" --initial-advertise-peer-urls "http://127.0.0.1:$port_peer" \
	--initial-cluster "rig=http://127.0.0.1:$port_peer" \
	--quota-backend-bytes 8589934592 --max-request-bytes 10485760 --snapshot-count 100000
wait_for 30 etcd curl -fs --noproxy '*' "http://127.0.0.1:$port_etcd/health"
[ "${1:-}" != etcd ] || exit 0

# Who asked what: of everyone but the programs of the control plane. A request's two times tell what was in flight.
cat >"$state/etc/audit.yaml" <<'END'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  users: [system:apiserver, system:kube-controller-manager, system:kube-scheduler, kwok, metrics-server]
- level: None
  userGroups: [system:nodes, system:serviceaccounts:kube-system]
- level: Metadata
END
# No endpoint reconciler: it would put the API server's address into a Service, where loopback is not allowed.
# RIG_APISERVER_FLAGS and RIG_CONTROLLER_FLAGS are words.
# shellcheck disable=SC2086
start kube-apiserver "$bin/kube-apiserver" --etcd-servers "http://127.0.0.1:$port_etcd" \
	--bind-address "$address" --secure-port "$port_api" --advertise-address "$address" --endpoint-reconciler-type none \
	--tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --client-ca-file "$pki/ca.crt" \
	--authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged=true \
	--service-account-issuer https://kubernetes.default.svc.cluster.local \
	--service-account-key-file "$pki/tokens.pub" --service-account-signing-key-file "$pki/tokens.key" \
	--service-cluster-ip-range 10.96.0.0/16 --kubelet-preferred-address-types InternalIP \
	--kubelet-client-certificate "$pki/apiserver-kubelet.crt" --kubelet-client-key "$pki/apiserver-kubelet.key" \
	--requestheader-client-ca-file "$pki/front-proxy-ca.crt" --requestheader-allowed-names front-proxy-client \
	--requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group \
	--requestheader-username-headers X-Remote-User \
	--proxy-client-cert-file "$pki/front-proxy.crt" --proxy-client-key-file "$pki/front-proxy.key" \
	--audit-policy-file "$state/etc/audit.yaml" --audit-log-path "$state/log/audit.jsonl" --audit-log-mode blocking \
	--v=1 ${RIG_APISERVER_FLAGS:-}
wait_for 120 kube-apiserver get "https://$address:$port_api/readyz"

controllers='*'
[ "${RIG_KUBELETS:-kwok}" != none ] || controllers='*,-node-lifecycle-controller'
# shellcheck disable=SC2086
start kube-controller-manager "$bin/kube-controller-manager" --kubeconfig "$state/etc/controllers.kubeconfig" \
	--authentication-kubeconfig "$state/etc/controllers.kubeconfig" --authorization-kubeconfig "$state/etc/controllers.kubeconfig" \
	--bind-address 127.0.0.1 --secure-port "$port_controllers" --leader-elect=false --use-service-account-credentials=true \
	--service-account-private-key-file "$pki/tokens.key" --root-ca-file "$pki/ca.crt" --controllers "$controllers" \
	--allocate-node-cidrs="${RIG_NODE_CIDRS:-false}" --cluster-cidr 10.244.0.0/14 --node-cidr-mask-size 24 \
	--kube-api-qps 2000 --kube-api-burst 4000 --v=1 ${RIG_CONTROLLER_FLAGS:-}

cat >"$state/etc/scheduler.yaml" <<END
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection: {leaderElect: false}
clientConnection: {kubeconfig: $state/etc/scheduler.kubeconfig, qps: 2000, burst: 4000}
END
start kube-scheduler "$bin/kube-scheduler" --config "$state/etc/scheduler.yaml" \
	--authentication-kubeconfig "$state/etc/scheduler.kubeconfig" --authorization-kubeconfig "$state/etc/scheduler.kubeconfig" \
	--bind-address 127.0.0.1 --secure-port "$port_scheduler" --v=1

if [ "${RIG_KUBELETS:-kwok}" = kwok ]; then
	{
		cat <<'END'
apiVersion: config.kwok.x-k8s.io/v1alpha1
kind: KwokConfiguration
options: # a file turns its defaults into zeros
  enablePodsOnNodeSyncStreamWatch: true
  nodeLeaseDurationSeconds: 40
  nodeLeaseParallelism: 4
  nodePlayStageParallelism: 4
  podPlayStageParallelism: 4
END
		for stage in "$bin"/../stages/*.yaml; do
			echo ---
			cat "$stage"
		done
	} >"$state/etc/kwok.yaml"
	start kwok "$bin/kwok" --config "$state/etc/kwok.yaml" --kubeconfig "$state/etc/kwok.kubeconfig" --cidr 10.244.0.1/16 \
		--manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake \
		--node-ip 127.0.0.1 --node-port "$port_kwok" --server-address "127.0.0.1:$port_kwok" \
		--tls-cert-file "$pki/kubelet.crt" --tls-private-key-file "$pki/kubelet.key"
	wait_for 60 kwok get "https://127.0.0.1:$port_kwok/healthz"
fi

# Their own certificates are self-signed, and nobody else can be listening there.
wait_for 60 kube-controller-manager get -k "https://127.0.0.1:$port_controllers/healthz"
wait_for 60 kube-scheduler get -k "https://127.0.0.1:$port_scheduler/healthz"
echo "$admin"

#!/bin/sh
# Makes what the programs prove themselves with: two authorities, certificates, the key that signs the tokens of service
# accounts, and a kubeconfig for each client. What is there stays. Keys are EC: an RSA key takes a second each.
set -eu
. "$(dirname "$0")/lib.sh"

umask 077
mkdir -p "$pki" "$state/etc"
cd "$pki"

authority() { # FILE NAME
	[ -s "$1.crt" ] && return
	openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.crt" -days 3650 \
		-subj "/CN=$2" -addext 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature' 2>/dev/null
}

certificate() { # FILE SUBJECT AUTHORITY USE [NAMES]
	[ -s "$1.crt" ] && return
	{
		printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$4"
		[ $# -lt 5 ] || echo "subjectAltName=$5"
	} >"$1.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -subj "$2" 2>/dev/null |
		openssl x509 -req -CA "$3.crt" -CAkey "$3.key" -set_serial "0x$(openssl rand -hex 8)" -days 3650 -extfile "$1.ext" \
			-out "$1.crt.new" 2>/dev/null
	rm -f "$1.ext"
	mv "$1.crt.new" "$1.crt"
}

# kubeconfig FILE NAME: for the certificate of that name.
kubeconfig() {
	cat >"$1" <<END
apiVersion: v1
kind: Config
clusters: [{name: rig, cluster: {server: "https://$address:$port_api", certificate-authority: $pki/ca.crt}}]
users: [{name: $2, user: {client-certificate: $pki/$2.crt, client-key: $pki/$2.key}}]
contexts: [{name: rig, context: {cluster: rig, user: $2}}]
current-context: rig
END
}

here=IP:127.0.0.1,DNS:localhost
authority ca rig-ca
authority front-proxy-ca rig-front-proxy-ca
certificate apiserver /CN=kube-apiserver ca serverAuth \
	"$here,IP:$address,IP:10.96.0.1,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
certificate apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet ca clientAuth
certificate front-proxy /CN=front-proxy-client front-proxy-ca clientAuth
certificate kubelet /CN=kwok-node ca serverAuth "$here"
certificate metrics-server-tls /CN=metrics-server ca serverAuth "$here,DNS:metrics-server.kube-system.svc"
certificate admin /O=system:masters/CN=admin ca clientAuth
certificate controllers /CN=system:kube-controller-manager ca clientAuth
certificate scheduler /CN=system:kube-scheduler ca clientAuth
certificate kwok /O=system:masters/CN=kwok ca clientAuth
certificate metrics-server /O=system:masters/CN=metrics-server ca clientAuth
[ "$address" = 127.0.0.1 ] || for node in $RIG_NODES; do
	name=${node%:*}
	certificate "node-$name" "/O=system:nodes/CN=system:node:$name" ca clientAuth,serverAuth "IP:${node#*:},DNS:$name"
	kubeconfig "$state/etc/node-$name.kubeconfig" "node-$name"
done
if [ ! -s tokens.pub ]; then
	openssl ecparam -name prime256v1 -genkey -noout -out tokens.key
	openssl ec -in tokens.key -pubout -out tokens.pub 2>/dev/null
fi
for client in controllers scheduler kwok metrics-server; do
	kubeconfig "$state/etc/$client.kubeconfig" "$client"
done
kubeconfig "$admin" admin

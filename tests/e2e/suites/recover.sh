#!/bin/sh
# What is followed survives its server: killed, away for a while, frozen, with its history compacted, with another
# certificate, and a token that is no longer valid. Meanwhile it is marked as stale, and it is whole again afterwards.
set -eu
rig=${RIG:?}
# shellcheck source=tests/e2e/rig/lib.sh
. "$rig/lib.sh"

work=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# follow SILENCE_MS: from here on $work/log has a line for each change of pods in the store.
follow() {
	: >"$work/log"
	"$DRIVE" watch pods 200 "$1" >"$work/log" 2>&1 &
	watcher=$!
	await 'it is current' "current $(pods)"
}
unfollow() {
	kill "$watcher" 2>/dev/null || true
	wait "$watcher" 2>/dev/null || true
	watcher=
}
pods() { kubectl get pods -A --no-headers | wc -l; }

# await TITLE TEXT: until the last line of the log begins with it.
await() {
	tries=450
	until tail -n 1 "$work/log" | grep -q "^$2"; do
		tries=$((tries - 1))
		if [ "$tries" -eq 0 ]; then
			echo "not ok - $1: $(tail -n 1 "$work/log"), expected $2"
			return 0
		fi
		sleep 0.1
	done
	echo "ok - $1"
}

# seen TITLE PATTERN: a line of the log has it.
seen() {
	if grep -q "$2" "$work/log"; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		tail -n 5 "$work/log" | sed 's/^/# /'
	fi
}

made=0
make_pod() {
	made=$((made + 1))
	kubectl run "recover-$made" --image=example/recover >/dev/null
}

echo '# killed, and back: its memory of events is gone'
follow 0
is_running kube-apiserver && kill -9 "$id"
await 'killed: stale' 'stale .*was refused\|stale .*Unable to connect'
rm -f "$state/run/kube-apiserver"
sh "$rig/up.sh" >/dev/null
make_pod
await 'back: whole' "current $(pods)"

echo '# its history is compacted while it is away'
is_running kube-apiserver && kill -9 "$id"
await 'killed again: stale' stale
rm -f "$state/run/kube-apiserver"
revision=$(curl -fs --noproxy '*' "http://127.0.0.1:$port_etcd/v3/kv/range" -d '{"key":"AA==","range_end":"AA==","count_only":true}' | jq -r .header.revision)
curl -fs --noproxy '*' "http://127.0.0.1:$port_etcd/v3/kv/compaction" -d "{\"revision\":\"$revision\",\"physical\":true}" >/dev/null
sh "$rig/up.sh" >/dev/null
make_pod
await 'compacted: whole' "current $(pods)"

echo '# it answers with another certificate of the same authority'
rm "$pki/apiserver.crt" "$pki/apiserver.key"
sh "$rig/pki.sh"
is_running kube-apiserver && kill -9 "$id"
await 'a new certificate: stale meanwhile' stale
rm -f "$state/run/kube-apiserver"
sh "$rig/up.sh" >/dev/null
make_pod
await 'a new certificate: whole' "current $(pods)"
unfollow

echo '# it is frozen: the connection is there, and nothing comes'
follow 6000
is_running kube-apiserver && kill -STOP "$id"
await 'frozen: stale' 'stale .*\(deadline exceeded\|timeout\)'
kill -CONT "$id"
make_pod
await 'thawed: whole' "current $(pods)"
unfollow

echo '# its token is no longer valid, and the file has a new one'
kubectl create serviceaccount -n default recover >/dev/null
kubectl create clusterrolebinding recover --clusterrole=view --serviceaccount=default:recover >/dev/null
kubectl create secret generic recover-bound -n default >/dev/null
kubectl create token -n default recover --bound-object-kind Secret --bound-object-name recover-bound >"$work/token"
cat >"$work/kubeconfig" <<END
apiVersion: v1
kind: Config
clusters: [{name: rig, cluster: {server: "https://$address:$port_api", certificate-authority: $pki/ca.crt}}]
users: [{name: recover, user: {tokenFile: token}}]
contexts: [{name: rig, context: {cluster: rig, user: recover}}]
current-context: rig
END
(
	KUBECONFIG="$work/kubeconfig"
	export KUBECONFIG
	follow 0
	echo "$watcher" >"$work/watcher"
)
watcher=$(cat "$work/watcher")
kubectl create token -n default recover >"$work/token.new"
mv "$work/token.new" "$work/token"
kubectl delete secret -n default recover-bound >/dev/null
is_running kube-apiserver && kill -9 "$id"
await 'a token that expires: stale meanwhile' stale
rm -f "$state/run/kube-apiserver"
sh "$rig/up.sh" >/dev/null
make_pod
await 'a token that expires: whole with the new one' "current $(pods)"
unfollow
kubectl delete pods -l run --wait=false -n default >/dev/null 2>&1 || true

#!/bin/sh
# The live view on a real cluster, in a terminal: what changes there is seen soon, what goes away is said and comes back,
# and what is done here is seen there.
set -eu
if ! command -v tmux >/dev/null; then
	echo 'ok - the live view on a cluster # SKIP tmux is missing'
	exit 0
fi
rig=${RIG:?}
# shellcheck source=tests/e2e/rig/lib.sh
. "$rig/lib.sh"
# shellcheck source=tests/tui/lib.sh
. tests/tui/lib.sh
unset CLUSTERUTILS_NOW

cat >"$work/live" <<END
#!/bin/sh
exec "$program" top "\$@"
END
chmod +x "$work/live"

# start TEXT WORDS...: until the text is shown.
start() {
	wanted=$1
	shift
	line "clear; live $*; echo status \$?"
	until_true "top $*: opens" shows "$wanted"
}
finish() {
	keys C-c
	until_true 'it ends with 0' shows 'status 0'
}

now_ms() { echo $(($(date +%s%N) / 1000000)); }
# within MS TITLE COMMAND...: from $begun, a moment of now_ms, on.
within() {
	most=$1
	what=$2
	shift 2
	holds "$@" || true
	taken=$(($(now_ms) - begun))
	echo "# measured: $what: $taken ms"
	if "$@" && [ "$taken" -le "$most" ]; then
		echo "ok - $what within $most ms"
	else
		echo "not ok - $what: $taken ms, expected $most"
		picture | sed 's/^/# /'
	fi
}
row_says() { picture | grep -F -- "$1" | grep -qF -- "$2"; }
is_cordoned() { [ "$(kubectl get node "$1" -o 'jsonpath={.spec.unschedulable}')" = true ]; }
is_not_cordoned() { ! is_cordoned "$1"; }
# What the header counts: "147/770 pods".
counted() { picture | sed -n 's/.* \([0-9]*\)\/[0-9]* pods.*/\1/p' | head -n 1; }
counts() { [ "$(counted)" = "$1" ]; }

open_pane 120 40

echo '# what changes is seen'
start corellia
holds shows 'data: live'
holds row_says kamino Ready
begun=$(now_ms)
kubectl cordon kamino >/dev/null
within 2000 'kubectl cordon, with the time that kubectl takes' row_says kamino Cordoned
begun=$(now_ms)
kubectl uncordon kamino >/dev/null
within 2000 'kubectl uncordon' row_says kamino Ready
# Without kubectl's own start: the request alone.
patch_node() {
	curl -fs -o /dev/null --noproxy '*' --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" -X PATCH \
		-H 'Content-Type: application/merge-patch+json' -d "{\"spec\":{\"unschedulable\":$2}}" \
		"https://$address:$port_api/api/v1/nodes/$1"
}
for turn in 1 2 3; do
	patch_node kamino true
	begun=$(now_ms)
	within 1000 "cordoned, time $turn" row_says kamino Cordoned
	patch_node kamino null
	begun=$(now_ms)
	within 1000 "uncordoned, time $turn" row_says kamino Ready
done

before=$(counted)
for i in 1 2 3; do kubectl run "live-$i" --image=example/live >/dev/null; done
begun=$(now_ms)
within 3000 'three pods more, once kwok runs them' counts "$((before + 3))"
kubectl delete pod live-1 live-2 live-3 --grace-period=0 --force >/dev/null 2>&1
begun=$(now_ms)
within 1000 'three pods less' counts "$before"

echo '# YAML'
keys Home Down y
until_true 'y shows the object' shows 'apiVersion: v1'
keys Escape

echo '# the server goes away, and comes back'
is_running kube-apiserver && kill -9 "$id"
until_true 'an age' shows 's ago'
until_true 'and why' shows refused
keys 2
begun=$(now_ms)
within 1000 'keys answer meanwhile' shows best-effort
keys F1
begun=$(now_ms)
within 1000 'help, too' shows 'this page'
# An escape and a key that come together are Alt.
keys Escape
holds lacks 'this page'
keys 1
rm -f "$state/run/kube-apiserver"
sh "$rig/up.sh" >/dev/null
until_true 'it is whole again' shows 'data: live'
kubectl cordon kamino >/dev/null
begun=$(now_ms)
within 1000 'and follows' row_says kamino Cordoned
kubectl uncordon kamino >/dev/null
holds row_says kamino Ready
finish

echo '# what is done here'
start corellia --allow-actions --by flat --sort name
holds shows 'data: live'
keys Home
keys F9
until_true 'F9: what can be done' shows Uncordon
first=$(kubectl get nodes -o name | sort | head -n 1)
first=${first#node/}
keys Enter
until_true 'it asks' shows "Cordon $first?"
keys Down Enter
until_true 'F9: kubectl sees that it is cordoned' is_cordoned "$first"
until_true 'F9: so does the row' row_says "$first" Cordoned
keys F9
holds shows Uncordon
keys Down Enter
until_true 'it asks again' shows "Uncordon $first?"
keys Down Enter
until_true 'F9: kubectl sees that it is not' is_not_cordoned "$first"
finish

echo '# two clusters, of which one is dead'
cp "$admin" "$work/both"
both() { "$bin/kubectl" --kubeconfig "$work/both" config "$@" >/dev/null; }
here=$("$bin/kubectl" --kubeconfig "$work/both" config current-context)
user=$("$bin/kubectl" --kubeconfig "$work/both" config view -o 'jsonpath={.contexts[0].context.user}')
both set-cluster dead --server=https://127.0.0.1:1
both set-context dead --cluster=dead --user="$user"
start corellia --kubeconfig "$work/both" --context "$here,dead"
until_true 'the dead one says so' shows 'dead: failed'
begun=$(now_ms)
kubectl cordon kamino >/dev/null
within 2000 'the other one is followed' row_says kamino Cordoned
kubectl uncordon kamino >/dev/null
holds row_says kamino Ready
finish

echo '# a user who may not see pods'
kubectl create clusterrole live-nodes --verb=get,list,watch --resource=nodes >/dev/null
kubectl create clusterrolebinding live-nodes --clusterrole=live-nodes --serviceaccount=e2e-live:viewer >/dev/null
file=$(sh "$rig/account.sh" e2e-live viewer)
may_list_nodes() { [ "$(kubectl auth can-i list nodes --as system:serviceaccount:e2e-live:viewer 2>/dev/null)" = yes ]; }
holds may_list_nodes
start corellia --kubeconfig "$file"
until_true 'pods are unknown' shows '?/770 pods'
until_true 'so are those of each node' row_says corellia '?/110'
until_true 'and it says why' shows forbidden
finish
kubectl delete clusterrolebinding,clusterrole live-nodes >/dev/null
kubectl delete namespace e2e-live --wait=false >/dev/null

#!/bin/sh
# One cluster in all the forms in which a dump may come: whatever the form, the same words come out.
set -eu
. tests/cli/lib.sh

cluster=$here/input/two-zones/cluster.json
metrics=$here/input/two-zones/metrics.raw.json
dump=$work/dump

# alike NAME ARGS...: every view of it is the same as from the two files.
alike() {
	form=$1
	shift
	for view in nodes tiers pods images; do
		run top $view -o json "$@"
		check "$form: $view" cmp "$work/expected-$view" "$work/out"
	done
	check "$form: silent" is_silent
}

for view in nodes tiers pods images; do
	run top $view -o json --from "$cluster" --from "$metrics"
	check "two files: $view" has_status 0
	cp "$work/out" "$work/expected-$view"
done

alike 'the folder' --from $here/input/two-zones
alike 'the metrics first' --from "$metrics" --from "$cluster"
alike 'YAML' --from $here/input/two-zones.yaml --from "$metrics"

# From a pipe nothing can be read twice, so each view has its own.
for view in nodes tiers pods images; do
	cat "$cluster" "$metrics" | "$program" top $view -o json --from - >"$work/out"
	check "a pipe: $view" cmp "$work/expected-$view" "$work/out"
	gzip -c "$cluster" | "$program" top $view -o json --from - --from "$metrics" >"$work/out"
	check "a compressed pipe: $view" cmp "$work/expected-$view" "$work/out"
	{ gzip -c "$cluster"; gzip -c "$metrics"; } | "$program" top $view -o json --from - >"$work/out"
	check "two gzip members: $view" cmp "$work/expected-$view" "$work/out"
	{ cat "$here/input/two-zones.yaml"; echo ---; jq . "$metrics" | jq -s -c '.[]' | sed 's/^/---\n/'; } |
		"$program" top $view -o json --from - >"$work/out"
	check "JSON in a YAML stream: $view" cmp "$work/expected-$view" "$work/out"
done

mkdir "$dump"
gzip -c "$cluster" >"$dump/a.json.gz"
cp "$metrics" "$dump/b.json"
echo 'no dump at all {' >"$dump/README.txt"
echo 'neither this [' >"$dump/.hidden.json"
alike 'a folder with a compressed file' --from "$dump"

rm -r "$dump" && mkdir "$dump"
gzip -c "$here/input/two-zones.yaml" >"$dump/a.yml.gz"
jq -c . "$metrics" >"$dump/b.json"
alike 'compressed YAML' --from "$dump"

jq -c . "$cluster" >"$dump/compact"
alike 'JSON without white space' --from "$dump/compact" --from "$metrics"
jq --tab . "$cluster" | sed 's/$/\r/' >"$dump/tabs"
alike 'JSON with tabs and carriage returns' --from "$dump/tabs" --from "$metrics"
jq '.items[]' "$cluster" >"$dump/objects"
alike 'objects after one another' --from "$dump/objects" --from "$metrics"
jq -c '.items[]' "$cluster" >"$dump/lines"
alike 'an object a line' --from "$dump/lines" --from "$metrics"
jq '.items' "$cluster" >"$dump/array"
alike 'an array' --from "$dump/array" --from "$metrics"
jq -c '{kind: .kind, items: .items, apiVersion: .apiVersion}' "$cluster" >"$dump/kind-first"
alike 'the kind before the items' --from "$dump/kind-first" --from "$metrics"
jq '.items |= reverse' "$cluster" >"$dump/reversed"
alike 'in reverse' --from "$dump/reversed" --from "$metrics"

# What `kubectl get --raw` gives: a list of one kind, whose items do not say theirs.
for kind in Node Pod PriorityClass; do
	jq -c --arg kind $kind '[.items[] | select(.kind == $kind)] as $items
		| {kind: ($kind + "List"), apiVersion: $items[0].apiVersion, metadata: {}, items: [$items[] | del(.kind, .apiVersion)]}' \
		"$cluster" >"$dump/$kind.raw"
done
alike 'raw lists' --from "$dump/Node.raw" --from "$dump/Pod.raw" --from "$dump/PriorityClass.raw" --from "$metrics"
cat "$dump"/*.raw >"$dump/all"
alike 'raw lists in one file' --from "$dump/all" --from "$metrics"

# As an API server sends them, with what nobody reads.
jq '.items[].metadata.managedFields = [{manager: "kubelet", fieldsType: "FieldsV1", fieldsV1: {"f:status": {"k:{\"type\":\"Ready\"}": {}, "f:items": [1, {"a": "]}"}]}}}]' \
	"$cluster" >"$dump/managed"
alike 'with managedFields' --from "$dump/managed" --from "$metrics"
jq '.items += [{kind: "Widget", apiVersion: "example.com/v1", metadata: {name: "w"}, items: [{kind: "Pod"}]}, {kind: "Pod", apiVersion: "example.com/v1"}]' \
	"$cluster" >"$dump/foreign"
alike 'with kinds of others' --from "$dump/foreign" --from "$metrics"

# -v 6 tells each request, and how long the reading took.
run top nodes --from "$cluster" -v 6
check '-v 6: requests' test "$(grep -c '^GET /' "$work/err")" -eq 3
check '-v 6: what was read' says 'GET /api/v1/nodes: 3 objects'
check '-v 6: no metrics' says 'GET /apis/metrics.k8s.io/v1beta1/nodes: 0 objects'
check '-v 6: the time' grep -Eq '^read in [0-9]+ ms$' "$work/err"
run top nodes --from "$cluster" -v 5
check '-v 5: silent' is_silent

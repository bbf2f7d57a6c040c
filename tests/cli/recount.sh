#!/bin/sh
# The totals of `top` against an independent count by jq, on dumps of a real API server.
set -eu
. tests/cli/lib.sh

folder=$fixtures/clusters
if [ ! -d "$folder" ]; then
	skip 'dumps of a real API server' "no folder $folder"
	exit 0
fi

# Quantities as these dumps write them, in millicores and bytes.
cat >"$work/count.jq" <<'END'
def cpu: if . == null then 0 elif endswith("n") then (.[:-1] | tonumber) / 1000000 elif endswith("m") then .[:-1] | tonumber else tonumber * 1000 end;
def mem: if . == null then 0 elif endswith("Ki") then (.[:-2] | tonumber) * 1024 elif endswith("Mi") then (.[:-2] | tonumber) * 1048576
	elif endswith("Gi") then (.[:-2] | tonumber) * 1073741824 else tonumber end;
def active: .status.phase != "Succeeded" and .status.phase != "Failed";
def sum(f): map(f) | add // 0;
def request(r; f): [.spec.containers[].resources.requests[r] | f] | add;
def limit(r; f): [.spec.containers[].resources.limits[r] | f] | add;
[$pods[0].items[] | select(active and .spec.nodeName)] as $bound
| {
	nodes: ($nodes[0].items | length), pods: ($bound | length),
	cpu: {usage: ($metrics[0].items | sum(.usage.cpu | cpu) | ceil), request: ($bound | sum(request("cpu"; cpu))), limit: ($bound | sum(limit("cpu"; cpu))),
		allocatable: ($nodes[0].items | sum(.status.allocatable.cpu | cpu))},
	memory: {usage: ($metrics[0].items | sum(.usage.memory | mem)), request: ($bound | sum(request("memory"; mem))), limit: ($bound | sum(limit("memory"; mem))),
		allocatable: ($nodes[0].items | sum(.status.allocatable.memory | mem))},
	perNode: ($bound | group_by(.spec.nodeName) | map({key: .[0].spec.nodeName, value: {pods: length, cpu: sum(request("cpu"; cpu)), memory: sum(request("memory"; mem))}}) | from_entries)
}
END
cat >"$work/ours.jq" <<'END'
{
	nodes: .cluster.nodes, pods: .cluster.pods.count,
	cpu: (.cluster.cpu | {usage, request, limit, allocatable}), memory: (.cluster.memory | {usage, request, limit, allocatable}),
	perNode: (.items | map({key: .name, value: {pods: .pods.count, cpu: .cpu.request, memory: .memory.request}}) | from_entries)
}
END
cat >"$work/tiers.jq" <<'END'
def active: .status.phase != "Succeeded" and .status.phase != "Failed";
[.items[] | select(active and .spec.nodeName)] | group_by(.spec.priorityClassName // "(no class)")
| map({key: (.[0].spec.priorityClassName // "(no class)"), value: length}) | from_entries
END
cat >"$work/zones.jq" <<'END'
. as $all | [.zones[] | . as $zone | ([$all.items[] | select(.zone == $zone.name)] | (map(.pods.count) | add) == $zone.pods.count
	and (map(.memory.request) | add) == $zone.memory.request and length == $zone.nodes)] | all and length > 0
END

same() {
	jq -S . "$1" >"$work/a" && jq -S . "$2" >"$work/b" && diff -u "$work/a" "$work/b"
}

for name in homelab homelab-lopsided; do
	dump=$folder/$name
	jq -n --slurpfile nodes "$dump/nodes.json" --slurpfile pods "$dump/pods.json" --slurpfile metrics "$dump/nodes.metrics.json" \
		-f "$work/count.jq" >"$work/expected"
	run top nodes --from "$dump" -o json
	check "$name: status" has_status 0
	check "$name: silent" is_silent
	jq -f "$work/ours.jq" "$work/out" >"$work/ours"
	check "$name: totals equal jq's" same "$work/expected" "$work/ours"
	check "$name: every zone is the sum of its nodes" jq -e -f "$work/zones.jq" "$work/out"
	cp "$work/out" "$work/folder"

	cat "$dump"/*.json | "$program" top nodes --from - -o json >"$work/piped" 2>"$work/err" || true
	check "$name: the same from a pipe" cmp "$work/folder" "$work/piped"
	cat "$dump"/*.json | gzip | "$program" top nodes --from - -o json >"$work/piped" 2>"$work/err" || true
	check "$name: the same compressed" cmp "$work/folder" "$work/piped"

	run top tiers --from "$dump" -o json
	jq '[.items[] | select(.pods > 0) | {key: .name, value: .pods}] | from_entries' "$work/out" >"$work/ours"
	jq -f "$work/tiers.jq" "$dump/pods.json" >"$work/expected"
	check "$name: pods of each tier" same "$work/expected" "$work/ours"
	run top pods --from "$dump" -o name
	check "$name: every pod has a line" test "$(wc -l <"$work/out")" -eq "$(jq '.items | length' "$dump/pods.json")"
	run top pods --from "$dump" -o name -l app=traefik
	check "$name: by label" test "$(wc -l <"$work/out")" -eq "$(jq '[.items[] | select(.metadata.labels.app == "traefik")] | length' "$dump/pods.json")"
	run top pods --from "$dump" -o name --field-selector spec.nodeName=corellia
	check "$name: by field" test "$(wc -l <"$work/out")" -eq "$(jq '[.items[] | select(.spec.nodeName == "corellia")] | length' "$dump/pods.json")"
	run top events --from "$dump" -o json
	check "$name: events are counted together" test "$(jq '[.items[].count] | add' "$work/out")" -eq "$(jq '[.items[] | [(.count // 0), (.series.count // 0), 1] | max] | add' "$dump/events.json")"
done

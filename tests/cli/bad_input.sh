#!/bin/sh
# Files that are not what they should be: one clear sentence, the right exit status, nothing that a terminal obeys.
set -eu
. tests/cli/lib.sh

pod='{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"n","uid":"u"},"spec":{"nodeName":"one","containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"100m"}}}]},"status":{"phase":"Running"}}'
node='{"apiVersion":"v1","kind":"Node","metadata":{"name":"one"},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},"conditions":[{"type":"Ready","status":"True"}]}}'

# refuses NAME SENTENCE < input: exit 1 and this sentence.
refuses() {
	cat >"$work/in"
	run top --from "$work/in"
	check "$1: status" has_status 1
	check "$1: sentence" says "$2"
	check "$1: no output" prints_nothing
	check "$1: one line" test "$(wc -l <"$work/err")" -eq 1
	check "$1: harmless" is_harmless
}

# leaves_out NAME SENTENCE < input: goes on without the object, and with --strict exits with 3.
leaves_out() {
	cat >"$work/in"
	run top pods --from "$work/in"
	check "$1: status" has_status 0
	check "$1: sentence" says "$2"
	check "$1: harmless" is_harmless
	run top pods --strict --from "$work/in"
	check "$1: strict" has_status 3
}

printf '{"kind":"List","items":[%s' "$pod" | refuses truncated 'it ends in the middle of an object'
printf '{"kind":"List","items":[%s,' "$pod" | refuses 'truncated between items' 'it ends in the middle of an object'
printf '%s]' "$pod" | refuses 'surplus bracket' 'line 1: bracket without a beginning'
printf '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a" "b"}}' | leaves_out 'damaged JSON' 'Pod: invalid JSON'
printf 'hello world\n' | refuses 'no object' 'line 1: no Kubernetes object'
printf '{"a":1}' | refuses 'no kind' 'line 1: an object without a kind'
printf '%s' "$node" | tr '{' '[' | refuses 'mixed up brackets' 'line 1:'
{ printf '{"a":'; head -c 1000 /dev/zero | tr '\0' '['; } | refuses 'nesting 1,000 deep' 'nested deeper than 256 levels'
{ head -c 1000 /dev/zero | tr '\0' '{' | sed 's/{/{a: /g'; } | refuses 'YAML nesting' 'line 1:'
printf 'a: [1\nb: }' | refuses 'damaged YAML' 'line 2:'
{ printf '{"kind":"Pod","apiVersion":"v1","x":"'; head -c 20000000 /dev/zero | tr '\0' 'x'; printf '"}'; } |
	refuses 'a string without end' 'the object is larger than 8 MiB'

for quantity in 1e 9e999 -1 '' 'Ki1' '1 Gi' 0x10; do
	printf '%s' "$pod" | sed "s/100m/$quantity/" |
		leaves_out "quantity '$quantity'" 'Pod n/p: spec.containers[0].resources.requests.cpu: '
done
printf '%s' "$pod" | sed 's/"n"/5/' | leaves_out 'a number for a text' 'metadata.namespace: text expected'
for number in 1.5 -0.5 4294967296 -4294967296 1e300 9223372036854775808 '"7"'; do
	printf '%s' "$pod" | sed "s/\"nodeName\"/\"priority\":$number,&/" | leaves_out "the priority $number" 'Pod n/p: spec.priority: '
done
printf '%s' "$pod" | sed 's/"name":"p",//' | leaves_out 'no name' 'metadata.name: the object has no name'
printf '%s' "$pod" | sed 's/"containers":\[.*\]}/"containers":7}/' | leaves_out 'a number for a list' 'spec.containers: a list expected'
printf '%s%s' "$pod" "$(printf '%s' "$pod" | sed 's/"p"/"q"/')" | leaves_out 'the same uid twice' 'the uid u is already that of pod "p"'

# What is odd but valid.
printf '%s' "$pod" | sed 's/100m/9e99/' >"$work/in"
run top pods --from "$work/in" -o json
check 'a quantity beyond 64 bits counts as the largest' jq -e '.items[0].cpu.request > 9e12' "$work/out"
printf '%s%s' "$node" "$pod" >"$work/in"
run top --from "$work/in"
check 'objects after one another' has_status 0
check 'objects after one another: no providerID needed' prints 'one'
printf '%s' "$pod" >"$work/in"
run top --from "$work/in"
check 'a pod on an unknown node' prints 'Missing'
run top nodes -o json --from "$work/in"
check 'a pod on an unknown node: no allocatable' jq -e '.items[0] | .name == "one" and .state == "Missing" and .cpu.allocatable == null and .cpu.request == 100' "$work/out"
printf '%s' "$node" | sed 's/"4"/"0"/;s/"8Gi"/"0"/' >"$work/in"
run top --from "$work/in"
check 'nothing allocatable' has_status 0
check 'nothing allocatable: no division' prints ' -|- '
printf '{"apiVersion":"metrics.k8s.io/v1beta1","kind":"NodeMetrics","metadata":{"name":"one"},"usage":{"cpu":"1","memory":"1Gi"}}' >>"$work/in"
run top --from "$work/in"
check 'nothing allocatable, but used: no division' prints ' -|-|- '
run top -o json --from "$work/in"
check 'nothing allocatable, but used: as data' jq -e '.items[0].cpu == {usage: 1000, request: 0, limit: 0, allocatable: 0}' "$work/out"
printf '{"kind":"List","apiVersion":"v1","items":[]}' >"$work/in"
run top --from "$work/in"
check 'an empty list' has_status 0
check 'an empty list: said so' says 'No resources found'
: >"$work/in"
run top --from "$work/in"
check 'an empty file' says 'No resources found'
printf '\357\273\277%s' "$node" >"$work/in"
run top --from "$work/in"
check 'a byte order mark' prints 'one'
printf '%s' "$node" | gzip >"$work/in"
run top --from "$work/in"
check 'gzip' prints 'one'
printf '%s' "$node" | gzip | head -c 60 >"$work/in"
run top --from "$work/in"
check 'half a gzip file' has_status 1
check 'half a gzip file: sentence' says 'gzip data'

# Names that would drive a terminal.
printf '%s' "$pod" | sed 's/"p"/"\\u001b[31mred\\u0007\\u202e"/; s/"i"/"im\\u0000age"/' >"$work/in"
run top pods --from "$work/in"
check 'escapes in a name' has_status 0
check 'escapes in a name: harmless' is_harmless
printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\377\376","namespace":"n"},"spec":{"containers":[{"name":"\033]0;x\007"}]}}' >"$work/in"
run top pods -o json --from "$work/in"
check 'invalid UTF-8' has_status 0
check 'invalid UTF-8: still JSON' jq -e '.items | length == 1' "$work/out"
printf 'kind: "\033[31m\n' >"$work/in"
run top --from "$work/in"
check 'escapes in a broken file' is_harmless

# Files that are not there.
run top --from "$work/nothing"
check 'no such file' says 'No such file or directory'
check 'no such file: status' has_status 1
mkdir "$work/empty"
run top --from "$work/empty"
check 'an empty folder' says 'no .json or .yaml file in this folder'
# Root may read every file: then as nobody, where that user can reach the program.
as_nobody=
if [ "$(id -u)" -eq 0 ]; then
	chmod 711 "$work"
	as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
fi
printf '%s' "$node" >"$work/secret" && chmod 0 "$work/secret"
if [ -z "$as_nobody" ] || $as_nobody test -x "$program" 2>/dev/null; then
	status=0
	$as_nobody "$program" top --from "$work/secret" >"$work/out" 2>"$work/err" || status=$?
	check 'an unreadable file: status' has_status 1
	check 'an unreadable file' says 'Permission denied'
else
	skip 'an unreadable file' 'root may read every file, and nobody cannot reach the program'
fi
mkdir "$work/many"
echo "$pod" | awk -v folder="$work/many" '{
	for (i = 0; i < 10000; i++) {
		text = $0
		sub(/"p"/, "\"p" i "\"", text)
		sub(/"u"/, "\"u" i "\"", text)
		print text >(folder "/" i ".json")
		close(folder "/" i ".json")
	}
}'
run top pods -o name --from "$work/many"
check 'a folder of 10,000 files' test "$(wc -l <"$work/out")" -eq 10000
"$program" top --demo >/dev/full 2>"$work/err" && status=0 || status=$?
check 'a full disk' has_status 1
check 'a full disk: sentence' says 'cannot write to standard output'

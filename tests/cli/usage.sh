#!/bin/sh
# The command line: what is wrong with it is told in one sentence, with exit status 2.
set -eu
. tests/cli/lib.sh

# refuses SENTENCE ARGS...
refuses() {
	sentence=$1
	shift
	run "$@"
	check "$*: status" has_status 2
	check "$*: sentence" says "$sentence"
	check "$*: no output" prints_nothing
}

run top
check 'no cluster: status' has_status 1
check 'no cluster: sentence' says 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?'
check 'no cluster: no output' prints_nothing
refuses '--demo and --from exclude each other' top --demo --from x
refuses 'unknown command "foo"' foo
refuses 'flags come after the command' --demo top
refuses 'unknown flag: --bogus' top --bogus
refuses "unknown shorthand flag: 'z' in -z" top -z
refuses 'flag needs an argument: --by' top --by
refuses 'unknown view "watts": one of nodes, tiers, power, pods, images, events' top watts --demo
refuses 'unexpected argument "pods"' top nodes pods --demo
refuses 'invalid argument "colour" for "--by" flag' top --demo --by colour
refuses 'invalid argument "xml"' top --demo -o xml
refuses 'invalid sort key "colour": must be one of node, name, nodes, zone, arch,' top --demo --sort colour
refuses 'invalid argument "1,5" for "--price" flag: must be a price of a kWh such as 0.25' top --demo --price 1,5
refuses 'invalid argument "100001" for "--price" flag: must be at most 100000' top --demo --price 100001
refuses 'for "--currency" flag: must be a short name such as EUR' top --demo --currency 'pounds of old'
refuses 'for "--currency" flag: must be a short name such as EUR' top --demo --currency ''
refuses 'invalid argument "pi-shelf" for "--meter" flag: must be METER=NODE[,NODE...]' top --demo --meter pi-shelf
refuses 'must be METER=NODE[,NODE...]' top --demo --meter pi-shelf=
refuses 'must be METER=NODE[,NODE...]' top --demo --meter =kamino
refuses 'must be METER=NODE[,NODE...]' top --demo --meter pi-shelf=kamino,,jakku
refuses 'must be METER=NODE[,NODE...], with at most 64 nodes' top --demo --meter "all=$(seq -s , 65)"
refuses 'invalid service of Prometheus "prometheus": must be NAMESPACE/SERVICE[:PORT]' top --demo --prometheus prometheus
refuses '--prometheus needs a cluster: a dump has none to ask' top --from x --prometheus monitoring/prometheus
refuses 'standard input can be read only once' top --from - -d 1
refuses 'invalid argument "cadvisor" for "--source" flag: must be one of auto, metrics, kubelet' top --demo --source cadvisor
refuses 'flag needs an argument: --source' top --demo --source
refuses '--source kubelet needs a cluster: a dump has no kubelets to ask' top --from x --source kubelet
refuses 'the kubelet ranks all pods of its node' top tiers --demo --node jakku -n media
refuses "unable to parse requirement: found 'b' expected: '('" top --demo -l 'a in b'
refuses "invalid selector: 'a'; can't understand 'a'" top pods --demo --field-selector a
refuses "invalid namespace \"a/b\": [may not contain '/']" top --demo -n a/b
refuses "invalid namespace \"..\": [may not be '..']" top --demo -n ..
refuses 'unable to parse requirement' top --from nothing -l '!!a'

# A field that parses but that the kind does not have is the server's to refuse.
run top pods --demo --field-selector spec.colour=red
check 'an unknown field: status' has_status 1
check 'an unknown field: sentence' says 'field label not supported: spec.colour'

run
check 'no command: status' has_status 0
check 'no command: an overview' prints 'COMMAND --help'
cp "$work/out" "$work/overview"
for form in help --help -h; do
	run $form
	check "$form: the same overview" cmp "$work/overview" "$work/out"
done
run --version
check '--version' has_status 0
cp "$work/out" "$work/version"
run version
check 'version says the same' cmp "$work/version" "$work/out"

# Called through kubectl, the program says so.
ln -s "$program" "$work/kubectl-clusterutils"
"$work/kubectl-clusterutils" top --help >"$work/out"
check 'the name under kubectl' prints 'kubectl clusterutils top'

# Every command says what it does, and every example of its help runs.
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$work/overview")
check 'the overview names the commands' test -n "$commands"
for command in $commands; do
	run "$command" --help
	cp "$work/out" "$work/help"
	check "$command --help" has_status 0
	check "$command --help: usage" prints "  kubectl clusterutils $command"
	check "$command --help: silent" is_silent
	check "$command --help: no line is wider than 100 columns" test "$(awk 'length($0) > 100' "$work/help" | wc -l)" -eq 0
	run help "$command"
	check "help $command: the same" cmp "$work/help" "$work/out"
	run "$command" -h
	check "$command -h: the same" cmp "$work/help" "$work/out"
	sed -n '/^Examples:/,/^$/s/^  kubectl clusterutils //p' "$work/help" >"$work/examples"
	check "$command --help: examples" test -s "$work/examples"
	while read -r line <&3; do
		eval "run $line" </dev/null
		check "example: $line" has_status 0
		check "example: $line: prints" test -s "$work/out"
		check "example: $line: silent" is_silent
	done 3<"$work/examples"
done

run top --demo -d 0.01s -n 3 --no-headers
check '-n with -d: three frames' test "$(grep -c '^cluster ' "$work/out")" -eq 3
run top --demo -d 0.01s --iterations 2 -n media --no-headers
check '--iterations with -d: two frames' test "$(grep -c '^cluster ' "$work/out")" -eq 2
run top pods --demo -n 3
check '-n alone is a namespace' says 'No resources found in 3 namespace.'
run top --demo -o json
cp "$work/out" "$work/first"
run top --demo -o json
check 'the demo is the same each time' cmp "$work/first" "$work/out"

# The strong right is told where it is needed, and nowhere else.
for words in '' nodes tiers power pods; do
	run top $words --source kubelet --print-rbac
	check "top $words --source kubelet: nodes/proxy" prints 'nodes/proxy'
	check "top $words --source kubelet: no metrics.k8s.io" fails prints 'metrics.k8s.io'
	run top $words --source metrics --print-rbac
	check "top $words --source metrics: no nodes/proxy" fails prints 'proxy'
	check "top $words --source metrics: metrics.k8s.io" prints 'metrics.k8s.io'
	cp "$work/out" "$work/role"
	run top $words --print-rbac
	check "top $words: the same" cmp "$work/role" "$work/out"
done
for words in images events; do
	run top $words --source kubelet --print-rbac
	check "top $words --source kubelet: shows no usage" fails prints 'proxy'
done
run top --demo --source kubelet --strict
check '--source kubelet: a kubelet that does not answer' has_status 3
check '--source kubelet: why' says 'usage of 1 of 7 nodes cannot be read: kubelet of dagobah: '
check '--source kubelet: one line' test "$(wc -l <"$work/err")" -eq 1
run top images --demo --source kubelet
check '--source kubelet: not asked where no usage is shown' is_silent
run top --demo --source kubelet -d 0.01s -n 3 --no-headers
check '--source kubelet with -d: three frames' test "$(grep -c '^cluster ' "$work/out")" -eq 3

# A reader that leaves early ends the program before its time.
{
	"$program" top --demo -d 0.01s --iterations 3000 2>/dev/null && left=0 || left=$?
	echo "$left" >"$work/left"
} | head -n 1 >"$work/out"
check 'a reader that leaves early' prints '7 nodes'
check 'a reader that leaves early: the program ends' test "$(cat "$work/left")" -ne 0

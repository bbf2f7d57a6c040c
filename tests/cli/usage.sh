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

refuses 'no cluster to read' top
refuses '--demo and --from exclude each other' top --demo --from x
refuses 'unknown command "foo"' foo
refuses 'flags come after the command' --demo top
refuses 'unknown flag: --bogus' top --bogus
refuses "unknown shorthand flag: 'z' in -z" top -z
refuses 'flag needs an argument: --by' top --by
refuses 'unknown view "watts": one of nodes, tiers, pods, images, events' top watts --demo
refuses 'unexpected argument "pods"' top nodes pods --demo
refuses 'invalid argument "colour" for "--by" flag' top --demo --by colour
refuses 'invalid argument "xml"' top --demo -o xml
refuses 'unknown column "colour"' top --demo --sort colour
refuses 'standard input can be read only once' top --from - -d 1
refuses 'unable to parse requirement' top --demo -l 'a in b'

run
check 'no command: status' has_status 0
check 'no command: an overview' prints 'COMMAND --help'
for command in top version; do
	run "$command" --help
	check "$command --help" has_status 0
	check "$command --help: usage" prints "Usage:"
	check "$command --help: examples" prints "Examples:"
	check "$command --help: no line is wider than 100 columns" test "$(awk '{ if (length($0) > 100) n++ } END { print n + 0 }' "$work/out")" -eq 0
done
run --version
check '--version' has_status 0

# Called through kubectl, the program says so.
ln -s "$(readlink -f "$program")" "$work/kubectl-clusterutils"
"$work/kubectl-clusterutils" top --help >"$work/out"
check 'the name under kubectl' prints 'kubectl clusterutils top'

# Every example in every --help runs.
for command in top version; do
	"$program" $command --help | sed -n 's/^  kubectl-\{0,1\} \{0,1\}clusterutils //p' >"$work/examples"
	check "$command has examples" test -s "$work/examples"
	while read -r line; do
		eval "run $line"
		check "example: $line" has_status 0
		check "example: $line: prints" test -s "$work/out"
		check "example: $line: silent" is_silent
	done <"$work/examples"
done

run top --demo -d 0.01s -n 3 --no-headers
check '-n with -d: three frames' test "$(grep -c '^cluster ' "$work/out")" -eq 3
run top pods --demo -n 3
check '-n alone is a namespace' says 'No resources found in 3 namespace.'
run top --demo -o json
cp "$work/out" "$work/first"
run top --demo -o json
check 'the demo is the same each time' cmp "$work/first" "$work/out"
run top --demo --once | head -n 1
check 'a reader that leaves early' has_status 0

#!/bin/sh
# The recipes of CONTRIBUTING.md, followed to the letter: what they add is there and works, and nothing else was needed.
set -eu
. tests/cli/lib.sh

if ! git rev-parse --is-inside-work-tree >"$work/git" 2>&1; then
	skip 'the recipes' 'not a git work tree'
	exit 0
fi
tree=$work/tree
copy_tree "$tree"

# block HEADING NUMBER: the NUMBER-th block of C below the heading.
block() {
	awk -v heading="### $1" -v wanted="$2" -v fence="$(printf '\140\140\140')" '
		/^#/ && !inside { here = index($0, heading) == 1 }
		here && $0 == fence { inside = 0 }
		inside && number == wanted
		here && $0 == fence "c" { inside = 1; number++ }' CONTRIBUTING.md
}

in_tree() (cd "$tree" && "$@")
builds() {
	make_in "$tree" -j2 CFLAGS=-O0 WERROR=1 VERSION=v1.2.3 all >"$work/make" 2>&1 || { grep -v '^  [A-Z]* ' "$work/make"; return 1; }
}

mkdir "$tree/src/hello"
block 'A command' 1 >"$tree/src/hello/hello.c"
block 'A command' 2 >>"$tree/src/commands.def"
block 'A column' 1 >"$work/row"
block 'A column' 2 >"$work/function"
check 'a command is a file and a line' test "$(block 'A command' 2 | wc -l)" -eq 1
check 'a column is a row' test "$(wc -l <"$work/row")" -eq 1
check 'with its function' grep -q '^static struct cell ' "$work/function"
awk -v row="$work/row" -v cell="$work/function" '
	function insert(file, line) { while ((getline line <file) > 0) print line }
	/^\/\* A column is one row here/ { insert(cell); print "" }
	/^} columns\[\] = \{/ { in_table = 1 }
	in_table && /^};/ { insert(row); in_table = 0 }
	{ print }' src/top/view_nodes.c >"$tree/src/top/view_nodes.c"

block 'A strategy' 1 >"$tree/plugins/remove_marked_pods.c"
block 'A strategy' 2 >>"$tree/plugins/strategies.def"
check 'a strategy is a file and a line' test "$(block 'A strategy' 2 | wc -l)" -eq 1

program=$tree/build/kubectl-clusterutils
check 'it builds without a warning' builds
if [ ! -x "$program" ]; then
	exit 0 # said above
fi
check 'the rooms keep their order' in_tree python3 tests/lint/rooms.py

run hello
check 'hello: status' has_status 0
check 'hello: says so' prints 'hello from v1.2.3'
run hello --help
check 'hello --help: what it does' prints 'Says hello.'
check 'hello --help: its example' prints '  kubectl clusterutils hello'
check 'hello --help: the flags of every command' prints '--from FILE'
run hello --bogus
check 'hello: flags are checked' has_status 2
run help
check 'help lists it' prints '  hello     say hello'

# The node of this dump holds two images.
run top nodes --from $here/input/two-zones --node east-1
check 'the column in the table' grep -Eq '  IMAGES$' "$work/out"
check 'the column in the table: its value' grep -Eq '^  east-1 .* 2$' "$work/out"
run top nodes --from $here/input/two-zones -o json
check 'the column in JSON' jq -e '[.items[].images] == [2, 1, 0]' "$work/out"
check 'the column in JSON: of nodes alone' jq -e '.cluster | has("images") | not' "$work/out"
run top nodes --from $here/input/two-zones -o csv
check 'the column in CSV' test "$(head -n 1 "$work/out" | sed 's/.*,//')" = images
check 'the column in CSV: its value' test "$(sed -n '2s/.*,//p' "$work/out")" = 2
run top nodes --from $here/input/two-zones --by flat --sort -images -o name
check 'sorting by the column' test "$(tr '\n' ' ' <"$work/out")" = 'node/west-1 node/east-2 node/east-1 '

run rebalance strategies
check 'the strategy is listed' grep -Eq '^RemoveMarkedPods +deschedule +pods that carry a certain label$' "$work/out"
run rebalance strategies RemoveMarkedPods
check 'with its settings' grep -Eq '^label +.*the label that marks them, whatever its value' "$work/out"
cat >"$work/policy.yaml" <<'END'
apiVersion: descheduler/v1alpha2
kind: DeschedulerPolicy
profiles:
- name: marked
  pluginConfig: [{name: RemoveMarkedPods, args: {label: app}}]
  plugins: {deschedule: {enabled: [RemoveMarkedPods]}}
END
run rebalance --from $here/input/lopsided.yaml --policy "$work/policy.yaml" --any-arch -o json
check 'a policy can enable it' jq -e '[.moves[] | select(.strategy == "RemoveMarkedPods")] | length > 0' "$work/out"
sed 's/label: app/label: ""/' "$work/policy.yaml" >"$work/empty.yaml"
run rebalance lint "$work/empty.yaml"
check 'its settings are checked: status' has_status 2
check 'its settings are checked' grep -q 'a label is needed' "$work/err" "$work/out"
sed 's/label: app/labels: app/' "$work/policy.yaml" >"$work/misspelt.yaml"
run rebalance lint "$work/misspelt.yaml"
check 'a misspelt setting is refused' grep -q 'labels' "$work/err" "$work/out"

# Nothing else differs from the tree that was copied.
rm -rf "$tree/build"
{
	diff -rq src "$tree/src" || true
	diff -rq include "$tree/include" || true
	diff -rq plugins "$tree/plugins" || true
	cmp Makefile "$tree/Makefile" || true
} | sed "s|$tree|TREE|g" | sort >"$work/differs"
{
	echo 'Files src/commands.def and TREE/src/commands.def differ'
	echo 'Files src/top/view_nodes.c and TREE/src/top/view_nodes.c differ'
	echo 'Only in TREE/src: hello'
	echo 'Files plugins/strategies.def and TREE/plugins/strategies.def differ'
	echo 'Only in TREE/plugins: remove_marked_pods.c'
} | sort >"$work/edits"
check 'two edits for the command, one file for the column, two edits for the strategy' diff -u "$work/edits" "$work/differs"

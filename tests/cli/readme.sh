#!/bin/sh
# README.md keeps its word: each of its commands runs as it stands there, with a kubectl that reads files in place of a
# cluster, and what it shows is what comes out.
set -eu
. tests/cli/lib.sh

readme=$PWD/README.md
tick=$(printf '\140')
input=$PWD/$here/input

# blocks LANGUAGE: the lines of the blocks in this language.
blocks() {
	sed -n "/^$tick$tick$tick$1\$/,/^$tick$tick$tick\$/p" "$readme" | grep -v "^$tick"
}

# The real kubectl looks for a program by this name, too.
mkdir "$work/bin"
ln -s "$program" "$work/bin/kubectl-clusterutils"
cat >"$work/bin/kubectl" <<END
#!/bin/sh
case \$1 in
clusterutils) shift && exec kubectl-clusterutils "\$@" ;;
get) case \$* in
	*' -o json') exec cat "$input/two-zones/cluster.json" ;;
	*' -o yaml') exec cat "$input/two-zones.yaml" ;;
	esac ;;
esac
echo "kubectl cannot: \$*" >&2
exit 1
END
chmod +x "$work/bin/kubectl"
PATH=$work/bin:$PATH
export PATH

# runs LINE: by a shell, in a folder of its own where dumps/ is.
runs() {
	status=0
	(cd "$work/folder" && sh -c "$1") >"$work/out" 2>"$work/err" </dev/null || status=$?
	has_status 0 && is_silent
}
mkdir "$work/folder"
cp -r "$input/two-zones" "$work/folder/dumps"

# The blocks of commands. What is neither ours nor kubectl's is left to the reader: `sudo make install`.
blocks sh >"$work/blocks"
grep '^kubectl ' "$work/blocks" >"$work/commands"
check 'README has commands' test "$(wc -l <"$work/commands")" -ge 5
check 'README: every line of its blocks is known' test -z "$(grep -v '^kubectl \|^sudo make install$' "$work/blocks")"
while read -r line <&3; do
	check "README: $line" runs "$line"
	case $line in
	*'>'*) ;;
	*) check "README: $line: prints" test -s "$work/out" ;;
	esac
done 3<"$work/commands"

# Sessions: a command and what it prints, at the demo's own time.
unset CLUSTERUTILS_NOW
blocks console >"$work/sessions"
check 'README shows a session' grep -q '^\$ kubectl clusterutils ' "$work/sessions"
sed -n 's/^\$ //p' "$work/sessions" | while read -r line; do
	echo "\$ $line"
	sh -c "$line" 2>&1 </dev/null
done >"$work/real"
check 'README: its sessions are true' diff -u "$work/sessions" "$work/real"

# The schema names keys and kinds that are there.
"$program" top nodes --demo -o json >"$work/out"
"$program" rebalance --from "$input/lopsided.yaml" -o json >>"$work/out"
"$program" rebalance --demo --strategy RemovePodsViolatingNodeTaints -n argocd --max-moves 1 --yes --journal none -o json \
	>>"$work/out" 2>"$work/told"
sed -n '/^{ "apiVersion"/,/} }$/p' "$readme" | grep -o '"[A-Za-z/0-9]*"' | tr -d '"' | sort -u >"$work/named"
jq -r '.apiVersion, .kind, .policy.targetsAreOf?, .moves[]?.verdict, (.. | if type == "object" then keys[] else empty end)' "$work/out" | sort -u >"$work/keys"
check 'README names a schema' test "$(wc -l <"$work/named")" -gt 20
check 'README: the schema is true' test -z "$(comm -23 "$work/named" "$work/keys")"
for kind in TierList MeterList EvictionOrderList PodUsageList ImageList EventList; do
	check "README names $kind" grep -qF "$tick$kind$tick" "$readme"
done

# The table of rights is what --print-rbac prints.
for view in nodes tiers power pods images events; do
	row=$(sed -n "s/^| $tick$view$tick | \([a-z., 0-9]*\) | \([a-z., 0-9]*\)|\$/\1|\2/p" "$readme" | tail -n 1 | tr -d ' ')
	"$program" top "$view" --print-rbac | tr -d '[]",' | awk '
		/apiGroups:/ { group = NF > 2 ? "." $3 : "" }
		/resources:/ { names = ""; for (i = 2; i <= NF; i++) names = names (names ? "," : "") $i group }
		/verbs:/ { if (NF > 2) watched = watched (watched ? "," : "") names; else listed = listed (listed ? "," : "") names }
		END { print watched "|" listed }' >"$work/rights"
	check "README: rights of $view" test "$row" = "$(cat "$work/rights")"
done

# What README and CONTRIBUTING tell the reader to make can be made.
grep -oh "${tick}make [a-z-]*[$tick ]" "$readme" CONTRIBUTING.md | sed 's/.*make \([a-z-]*\).*/\1/' | sort -u >"$work/targets"
check 'README names targets' test -s "$work/targets"
while read -r target <&3; do
	check "make $target is a target" grep -Eq "^([a-z -]* )?$target( [a-z -]*)?:" Makefile
done 3<"$work/targets"

# What every script of tests says in TAP. Needs $work, a folder of the script's own. Sourced, never run.
# shellcheck shell=sh disable=SC2154

# check TITLE COMMAND...: the test passes if the command succeeds.
check() {
	title=$1
	shift
	if "$@" >"$work/why" 2>&1; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		cat "$work/why" "$work/err" 2>/dev/null | head -n 60 | sed 's/^/# /'
	fi
}

# fails COMMAND...: the other way round, for check.
fails() { ! "$@"; }

skip() { echo "ok - $1 # SKIP $2"; }

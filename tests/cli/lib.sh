# Shared by the scripts in this folder: runs the program and says in TAP what came of it. Sourced, never run.
# shellcheck shell=sh

program=${KUBECTL_CLUSTERUTILS:?set it to the program under test}
# shellcheck disable=SC2034 # these two are for the scripts
fixtures=${FIXTURES:-../shared/fixtures}
# shellcheck disable=SC2034
here=tests/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export CLUSTERUTILS_NOW=1772366400 LC_ALL=C.UTF-8 TZ=UTC
# shellcheck source=tests/tap.sh
. tests/tap.sh
# No cluster that this machine may know of.
export KUBECONFIG="$work/no-kubeconfig" KUBERNETES_MASTER=http://127.0.0.1:1
unset NO_COLOR KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT

# run ARGS...: stdout, stderr and exit status go to $work/out, $work/err and $status.
run() {
	status=0
	"$program" "$@" >"$work/out" 2>"$work/err" || status=$?
}

# copy_tree FOLDER: what git knows of, and what it would take.
copy_tree() {
	mkdir -p "$1"
	git ls-files -co --exclude-standard >"$work/tracked"
	tar -cf - -T "$work/tracked" | tar -xf - -C "$1"
}

# make_in FOLDER ARGS...: a make of its own, whatever the make that runs the tests was told.
make_in() (
	unset MAKEFLAGS MFLAGS MAKELEVEL GNUMAKEFLAGS BUILD CFLAGS CPPFLAGS LDFLAGS SANITIZE COVERAGE WERROR VERSION PREFIX BINDIR DESTDIR V
	cd "$1" || exit
	shift
	make "$@"
)

has_status() { [ "$status" -eq "$1" ] || { echo "exit status $status, expected $1"; return 1; }; }
says() { grep -qF -- "$1" "$work/err" || { echo "stderr lacks: $1"; return 1; }; }
prints() { grep -qF -- "$1" "$work/out" || { echo "stdout lacks: $1"; cat "$work/out"; return 1; }; }
is_silent() { [ ! -s "$work/err" ] || { echo "unexpected words on stderr"; return 1; }; }
prints_nothing() { [ ! -s "$work/out" ] || { echo "unexpected output"; head -n 5 "$work/out"; return 1; }; }
is_harmless() { ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$work/out" "$work/err" || { echo "control characters"; return 1; }; }

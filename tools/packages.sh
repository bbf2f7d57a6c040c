#!/bin/sh
# Installs what `make demo` (build), `make test` (test), `make lint` (lint), `make e2e` (e2e) or its real nodes (nodes)
# needs and is not there, with the system's package manager. Prints each command before it runs it. A machine that has
# everything runs none.
set -eu

what=${1:?usage: packages.sh build|test|lint|e2e|nodes}

has_command() { command -v "$1" >/dev/null 2>&1; }
has_library() { has_command pkg-config && pkg-config --exists "$1"; }

# One line a need: test, then its package in Debian, Fedora, Alpine and Homebrew; "-" where there is nothing to install.
needs_build='
command cc            gcc                    gcc              gcc            -
command make          make                   make             make           make
header  stdio.h       libc6-dev              glibc-devel      musl-dev       -
command pkg-config    pkg-config             pkgconf          pkgconf        pkgconf
library libcjson      libcjson-dev           cjson-devel      cjson-dev      cjson
library yaml-0.1      libyaml-dev            libyaml-devel    yaml-dev       libyaml
library zlib          zlib1g-dev             zlib-devel       zlib-dev       zlib
library libcurl       libcurl4-openssl-dev   libcurl-devel    curl-dev       curl
library libcrypto     libssl-dev             openssl-devel    openssl-dev    openssl
library ncursesw      libncurses-dev         ncurses-devel    ncurses-dev    ncurses
'
needs_test="$needs_build
library check         check                  check-devel      check-dev      check
command jq            jq                     jq               jq             jq
command python3       python3                python3          python3        python3
command gzip          gzip                   gzip             gzip           gzip
command tmux          tmux                   tmux             tmux           tmux
"
needs_lint="$needs_test
command clang         clang                  clang            clang          llvm
command clang-format  clang-format           clang-tools-extra clang-extra-tools llvm
command clang-tidy    clang-tidy             clang-tools-extra clang-extra-tools llvm
command cppcheck      cppcheck               cppcheck         cppcheck       cppcheck
command shellcheck    shellcheck             ShellCheck       shellcheck     shellcheck
command codespell     codespell              codespell        codespell      codespell
command valgrind      valgrind               valgrind         valgrind       valgrind
"

needs_e2e="$needs_test
command curl          curl                   curl             curl           -
command openssl       openssl                openssl          openssl        openssl
command zstd          zstd                   zstd             zstd           zstd
command go            golang-go              golang           go             go
"

needs_nodes="$needs_e2e
command containerd      containerd                  containerd              containerd      -
command runc            runc                        runc                    runc            -
file    /usr/lib/cni/bridge containernetworking-plugins containernetworking-plugins cni-plugins -
command docker-registry docker-registry             docker-distribution     docker-registry -
command umoci           umoci                       umoci                   umoci           -
command skopeo          skopeo                      skopeo                  skopeo          -
command busybox         busybox-static              busybox                 busybox-static  -
command ip              iproute2                    iproute                 iproute2        -
command iptables        iptables                    iptables                iptables        -
"

case $what in
build) needs=$needs_build ;;
test) needs=$needs_test ;;
lint) needs=$needs_lint ;;
e2e) needs=$needs_e2e ;;
nodes) needs=$needs_nodes ;;
*)
	echo "packages.sh: build, test, lint, e2e or nodes" >&2
	exit 2
	;;
esac

if has_command apt-get; then
	manager=apt column=3
elif has_command dnf; then
	manager=dnf column=4
elif has_command apk; then
	manager=apk column=5
elif has_command brew; then
	manager=brew column=6
else
	manager=none column=3
fi

is_there() {
	case $1 in
	command) has_command "$2" ;;
	file) [ -e "$2" ] ;;
	library) has_library "$2" ;;
	header) echo "#include <$2>" | cc -E -x c - >/dev/null 2>&1 ;;
	esac
}

missing=
names=
while read -r kind name packages; do
	[ -n "$kind" ] || continue
	is_there "$kind" "$name" && continue
	# shellcheck disable=SC2086 # the columns are words
	set -- $kind $name $packages
	shift $((column - 1))
	[ "$1" = - ] && {
		echo "packages.sh: $name is missing: install the compiler with 'xcode-select --install'" >&2
		exit 1
	}
	missing="$missing $1"
	names="$names $name"
done <<EOF
$needs
EOF

[ -n "$missing" ] || exit 0

run() {
	if [ "$(id -u)" -ne 0 ] && [ "$manager" != brew ]; then
		set -- sudo "$@"
	fi
	echo "+ $*" >&2
	"$@"
}

echo "missing:$names" >&2
# shellcheck disable=SC2086 # a list of words
case $manager in
apt)
	run apt-get update -q
	run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
	;;
dnf) run dnf install -y $missing ;;
apk) run apk add $missing ;;
brew) run brew install $missing ;;
none)
	echo "packages.sh: no package manager known here: please install$names" >&2
	exit 1
	;;
esac

#!/bin/sh
# The build: the same bytes wherever it is done, one file to install, and nothing compiled that need not be.
set -eu
. tests/cli/lib.sh

if ! git rev-parse --is-inside-work-tree >"$work/git" 2>&1; then
	skip 'reproducible builds' 'not a git work tree'
	exit 0
fi
one=$work/one
two=$work/another/folder
copy_tree "$one"
copy_tree "$two"

# compiled: how many objects the make whose words are in $work/make compiled.
compiled() { grep -c '^  CC ' "$work/make" || true; }

# makes ARGS...: in the first folder, in silence but for what it says it does.
makes() {
	make_in "$one" "$@" >"$work/make" 2>&1 || { cat "$work/make"; return 1; }
}

check 'one build' makes -j2 CFLAGS=-O1 VERSION=v1.2.3
check 'another build' make_in "$two" -j2 CFLAGS=-O1 VERSION=v1.2.3
check 'both give the same bytes' cmp "$one/build/kubectl-clusterutils" "$two/build/kubectl-clusterutils"
check 'no folder of the build is in it' fails grep -qF "$work" "$one/build/kubectl-clusterutils"
check 'the version is in it' test "$("$one/build/kubectl-clusterutils" version | awk '{ print $3 }')" = v1.2.3

check 'the same again' makes CFLAGS=-O1 VERSION=v1.2.3
check 'the same again: compiles nothing' test "$(compiled)" -eq 0
check 'another version' makes CFLAGS=-O1 VERSION=v1.2.4
check 'another version: compiles one file' test "$(compiled)" -eq 1
check 'another version: says so' test "$("$one/build/kubectl-clusterutils" version | awk '{ print $3 }')" = v1.2.4
touch "$one/src/version/version.c"
check 'a file that changed' makes CFLAGS=-O1 VERSION=v1.2.4
check 'a file that changed: compiles it alone' test "$(compiled)" -eq 1
check 'other flags' makes -n CFLAGS=-O0 VERSION=v1.2.4
check 'other flags: compiles everything' test "$(grep -c ' -c -o ' "$work/make")" -ge "$(find "$one/src" -name '*.c' | wc -l)"
check 'other flags: quoted ones' makes -n CFLAGS="-O1 -DQUOTED='\"a b\"'" VERSION=v1.2.4

check 'install' makes install CFLAGS=-O1 VERSION=v1.2.4 DESTDIR="$work/dest" PREFIX=/usr
check 'install: one file' test "$(cd "$work/dest" && find . -type f)" = ./usr/bin/kubectl-clusterutils
check 'install: that runs' "$work/dest/usr/bin/kubectl-clusterutils" --version
check 'uninstall' makes uninstall DESTDIR="$work/dest" PREFIX=/usr
check 'uninstall: nothing left' test -z "$(find "$work/dest" -type f)"
check 'clean' makes clean
check 'clean: nothing left' fails test -e "$one/build"

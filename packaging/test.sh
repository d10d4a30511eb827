#!/bin/sh
# Installs the Debian package into a bare Debian 12, plays the demo there as an ordinary user, and removes it: test.sh DIST, the
# folder that holds the package. Needs an administrator, as it makes a system of its own in a temporary folder.
set -eu
if [ "$(id -u)" != 0 ]; then exec sudo sh "$0" "$@"; fi
package=$(ls "$1"/keicho_*.deb)
archive=$(ls "$1"/keicho-*.tar.gz)
top=$(mktemp -d)
root=$top/root
trap 'rm -rf --one-file-system "$top"' EXIT

passed=0
check() {
    what=$1
    shift
    if "$@" >"$top/said" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $what"
    else
        echo "FAIL $what"
        cat "$top/said"
        echo "$passed passed, 1 failed"
        exit 1
    fi
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
as_user() { inside setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/manager "$@"; }
# Everything in the system but what apt and dpkg write about themselves.
files() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./home -o -path ./tmp -o -path ./var/lib/dpkg -o -path ./var/lib/apt \
        -o -path ./var/cache -o -path ./var/log \) -prune -o -print | sort)
}

check "the packages are whole" sh -c "cd '$1' && sha256sum --check --quiet ./*.sha256"
mmdebstrap --quiet --variant=minbase bookworm "$root"
inside useradd --create-home --uid 1000 manager
files >"$top/before"

cp "$package" "$root/tmp/keicho.deb"
inside apt-get update -qq
check "it installs with what it depends on" inside apt-get install -qq --no-install-recommends /tmp/keicho.deb
# What other packages bring stays when Keicho goes, until autoremove.
check "it starts" as_user keicho --version
check "its manual has a page for each command" sh -c "cd '$root/usr/share/man/man1' && ls keicho.1 keicho-live.1 \
    keicho-models-fetch.1"
check "its manual can be set" sh -c "groff -man -Tutf8 -ww '$root/usr/share/man/man1/keicho-live.1' >'$top/page' 2>'$top/warned' \
    && grep -q microphone '$top/page' && ! [ -s '$top/warned' ]"
check "its entry in the menu is sound" desktop-file-validate "$root/usr/share/applications/keicho.desktop"
check "the licences of others are in it" grep -q 'The ggml authors' "$root/usr/share/doc/keicho/THIRD-PARTY-NOTICES"
check "bash can complete its words" inside bash -c \
    'source /usr/share/bash-completion/completions/keicho && COMP_WORDS=(keicho de) COMP_CWORD=1 && _keicho keicho de keicho \
     && [[ " ${COMPREPLY[*]} " == *" demo "* ]]'
check "the demo plays to its summary, without sound, browser and model" as_user timeout 300 \
    keicho demo --no-open --port 0 --out /home/manager/demo
check "the summary has what was counted" grep -q '"interruptions"' "$root/home/manager/demo/summary.json"

# A processor of 2009 has none of the wide vectors; what the program finds at run time is faster and never needed.
if command -v qemu-x86_64 >/dev/null && [ "$(uname -m)" = x86_64 ]; then
    check "it runs on any x86-64" qemu-x86_64 -L "$root" -cpu Nehalem "$root/usr/bin/keicho" --version
    cp "$(dirname "$0")/../tests/sample_call/call.flac" "$top/call.flac"
    "$root/usr/bin/keicho" replay "$top/call.flac" --no-text --out "$top/new" >/dev/null
    check "it hears a call on any x86-64, and goes without words there" timeout 900 \
        qemu-x86_64 -L "$root" -cpu Nehalem "$root/usr/bin/keicho" replay "$top/call.flac" --out "$top/old"
    check "and counts the same there" cmp "$top/old/events.jsonl" "$top/new/events.jsonl"
fi

check "it is removed" inside apt-get purge -qq keicho
inside apt-get autoremove --purge -qq >/dev/null 2>&1
files >"$top/after"
check "nothing of it is left" diff "$top/before" "$top/after"
check "what it kept of the user is left to the user" test -f "$root/home/manager/demo/summary.html"

mkdir "$top/archive"
tar --extract --file "$archive" --directory "$top/archive" --strip-components=1
check "the archive for other Linuxes runs where it lies" "$top/archive/bin/keicho" --version

echo "$passed passed, 0 failed"

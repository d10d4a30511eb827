#!/bin/sh
# Makes the packages of a release that is built: package.sh RELEASE, the folder of the program and of what was made for its
# packages. They come into the folder `dist` beside it, each with a file of its SHA-256.
set -eu
release=$1
dist=$(dirname "$release")/dist
cargo=${CARGO:-cargo}

# A package runs on other processors than the one that built it. A build from before this was set is not made again by cargo.
for cache in "$release"/build/whisper-rs-sys-*/out/build/CMakeCache.txt; do
    [ -e "$cache" ] || continue
    if ! grep -q '^GGML_NATIVE:BOOL=OFF' "$cache"; then
        echo "The recogniser was built for this machine alone: $cargo clean --release -p whisper-rs-sys, then make package" >&2
        exit 1
    fi
done

# Packages are made by cargo-deb, which is brought into the target folder unless it is here.
deb_version=3.8.0
tools=$(dirname "$release")/tools
PATH=$tools/bin:$PATH
command -v cargo-deb >/dev/null || "$cargo" install cargo-deb --locked --version "$deb_version" --root "$tools"

rm -rf "$dist"
mkdir -p "$dist"
CARGO_TARGET_DIR=$(dirname "$release") cargo-deb --no-build --output "$dist"

# For other Linuxes: what `make install` would put under PREFIX.
version=$("$release/keicho" --version | cut -d ' ' -f 2)
name=keicho-$version-linux-$(uname -m)
make --no-print-directory install-files PREFIX= DESTDIR="$dist/$name"
strip "$dist/$name/bin/keicho"
tar --create --gzip --owner=0 --group=0 --sort=name --directory "$dist" --file "$dist/$name.tar.gz" "$name"
rm -r "${dist:?}/$name"

cd "$dist"
for file in *.deb *.tar.gz; do
    sha256sum "$file" >"$file.sha256"
    echo "$dist/$file"
done

#!/bin/sh
# Makes the app bundle of macOS: bundle.sh PROGRAM NOTICES OUT. It has never run on macOS.
set -eu
program=$1
notices=$2
app=$3/Keicho.app
here=$(dirname "$0")
version=$("$program" --version | cut -d ' ' -f 2)

rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
sed "s/VERSION/$version/" "$here/Info.plist" >"$app/Contents/Info.plist"
cp "$program" "$app/Contents/MacOS/keicho"
cp "$notices" "$here/../../LICENSE" "$app/Contents/Resources/"

# A bundle is started without words.
cat >"$app/Contents/MacOS/keicho-live" <<'START'
#!/bin/sh
exec "$(dirname "$0")/keicho" live
START
chmod 755 "$app/Contents/MacOS/keicho" "$app/Contents/MacOS/keicho-live"

# The icon in the sizes that the system asks for.
icons=$(mktemp -d)/keicho.iconset
mkdir "$icons"
for size in 16 32 128 256 512; do
    rsvg-convert --width "$size" "$here/../keicho.svg" --output "$icons/icon_${size}x${size}.png"
    rsvg-convert --width "$((size * 2))" "$here/../keicho.svg" --output "$icons/icon_${size}x${size}@2x.png"
done
iconutil --convert icns --output "$app/Contents/Resources/keicho.icns" "$icons"

# Permission is remembered for a signature: without a developer's it is an ad hoc one, and asked for anew at each version.
codesign --force --deep --sign "${SIGNING_IDENTITY:--}" --options runtime --entitlements "$here/entitlements.plist" "$app"

#!/usr/bin/env bash
# Finds the Chromium of the dashboard's tests, or installs one: Debian's package where root may, else the one of the npm
# package @sparticuz/chromium (MIT) in .tools/chromium. Quiet where one is there. Where none can be had it reports that
# and installs nothing: the tests then count as skipped, or fail where CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

version=153.0.0
sha512=jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==
target=.tools/chromium

if [ -n "${CHROMIUM:-}" ]; then
  [ -x "$CHROMIUM" ] || { echo "CHROMIUM=$CHROMIUM is no program that can be run: give the path of a Chromium." >&2; exit 1; }
  exit 0
fi
find_chromium="import { findChromium } from './apps/dashboard/test/browser/find-chromium.ts'; process.exit(findChromium() ? 0 : 1)"
node --input-type=module -e "$find_chromium" && exit 0

echo "Installing a Chromium for the dashboard's tests …"
log=$(mktemp)
mkdir -p .tools
# Beside its place, so that one move puts it there.
work=$(mktemp -d .tools/browser.XXXXXX)
trap 'rm -rf "$log" "$work"' EXIT

# Ubuntu's package of this name is a snap, which a container cannot run.
install_package() {
  [ "$(id -u)" = 0 ] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null || return 1
  local apt=(apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=60)
  "${apt[@]}" update && DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends chromium
}

install_from_npm() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || { echo "@sparticuz/chromium is for Linux on x86_64 alone."; return 1; }
  npm pack --silent --fetch-retries=1 --fetch-timeout=120000 --pack-destination "$work" "@sparticuz/chromium@$version" || return 1
  node scripts/unpack-browser.ts "$work/sparticuz-chromium-$version.tgz" "$sha512" "$work/chromium" || return 1
  # In one step, so that half a browser is never found.
  rm -rf "$target" && mv "$work/chromium" "$target"
}

if install_package >"$log" 2>&1; then
  echo "Chromium: Debian's package"
elif install_from_npm >>"$log" 2>&1; then
  echo "Chromium: @sparticuz/chromium $version in $target"
else
  { cat "$log"; echo "No Chromium: it could not be installed. Install one, or give its path as CHROMIUM=…"; } >&2
fi

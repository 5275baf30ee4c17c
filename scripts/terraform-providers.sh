#!/usr/bin/env bash
# Prints exports with which Terraform finds its providers: eval "$(scripts/terraform-providers.sh)"
# Uses a filesystem mirror in a usual place, for machines that cannot reach the registry. Otherwise downloads each
# provider (700 MB) from the registry once, instead of once for each root of each account and Region.
# An existing CLI configuration or provider cache takes precedence.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
configuration=${TF_CLI_CONFIG_FILE:-$HOME/.terraformrc}

share_downloads() {
  [ -n "${TF_PLUGIN_CACHE_DIR:-}" ] && return
  grep -qs plugin_cache_dir "$configuration" && return
  local cache=$repository/.compliance/terraform-providers
  mkdir -p "$cache"
  printf 'export TF_PLUGIN_CACHE_DIR=%q\n' "$cache"
  # A root has no lock file before its first init; without this Terraform downloads the provider again.
  echo 'export TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=1'
}

if [ -f "$configuration" ]; then
  share_downloads
  exit 0
fi

has_providers() { [ -d "$1/registry.terraform.io/hashicorp/aws" ]; }
mirror=
for folder in "${TF_PROVIDER_MIRROR:-}" /usr/share/terraform/* /usr/local/share/terraform/* /opt/* /opt/*/* /srv/* /var/lib/terraform*; do
  if [ -n "$folder" ] && has_providers "$folder"; then
    mirror=$folder
    break
  fi
done
if [ -z "$mirror" ]; then
  share_downloads
  exit 0
fi

mirrored=$repository/.compliance/terraform.rc
mkdir -p "$(dirname "$mirrored")"
# Replaced atomically: a concurrent Terraform that reads an empty file would use the registry.
written=$(mktemp "$mirrored.XXXXXX")
cat >"$written" <<RC
provider_installation {
  filesystem_mirror {
    path    = "$mirror"
    include = ["registry.terraform.io/hashicorp/*"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/*"]
  }
}
disable_checkpoint = true
RC
mv "$written" "$mirrored"
printf 'export TF_CLI_CONFIG_FILE=%q\n' "$mirrored"

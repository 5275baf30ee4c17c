#!/usr/bin/env bash
# Prints exports by which Terraform installs providers from a filesystem mirror, for machines that cannot reach the
# registry:  eval "$(scripts/terraform-offline.sh)"
# Prints nothing where a CLI configuration is in force already or no mirror lies in a usual place: the registry it is.
set -euo pipefail

[ -f "${TF_CLI_CONFIG_FILE:-$HOME/.terraformrc}" ] && exit 0

has_providers() { [ -d "$1/registry.terraform.io/hashicorp/aws" ]; }
mirror=
for folder in "${TF_PROVIDER_MIRROR:-}" /usr/share/terraform/* /usr/local/share/terraform/* /opt/* /opt/*/* /srv/* /var/lib/terraform*; do
  if [ -n "$folder" ] && has_providers "$folder"; then
    mirror=$folder
    break
  fi
done
[ -n "$mirror" ] || exit 0

config=$(cd "$(dirname "$0")/.." && pwd)/.compliance/terraform.rc
mkdir -p "$(dirname "$config")"
cat >"$config" <<RC
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
printf 'export TF_CLI_CONFIG_FILE=%q\n' "$config"

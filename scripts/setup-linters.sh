#!/usr/bin/env bash
# Installs the linters of the emitted files into .venv-lint: cfn-lint (MIT-0) for the conformance packs, parliament
# (BSD-3-Clause) for the IAM policies, checkov (Apache-2.0) for the Terraform modules. Quiet; does nothing if installed.
# Without Python or its package index it reports that and installs nothing: the tests then count as skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(cfn-lint==1.58.0 parliament==1.6.4 checkov==3.3.30)
stamp=".venv-lint/.$(IFS=_; echo "${packages[*]}")"
[ -e "$stamp" ] && exit 0

rm -rf .venv-lint
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo "No linters: python3 is missing or cannot create virtual environments." >&2
  exit 0
fi

python3 -m venv .venv-lint
# Not compiled, because most modules are never imported.
if errors=$(.venv-lint/bin/python -m pip install --quiet --no-compile --disable-pip-version-check "${packages[@]}" 2>&1); then
  touch "$stamp"
  echo "Linters: ${packages[*]} in .venv-lint"
else
  rm -rf .venv-lint
  { echo "$errors"; echo "No linters: they could not be installed. Check that the Python package index is reachable."; } >&2
fi

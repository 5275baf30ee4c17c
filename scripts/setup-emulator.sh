#!/usr/bin/env bash
# Installs the AWS emulator (moto, Apache-2.0) into .venv. Quiet; does nothing if it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

version=5.2.1
packages=("moto[server,awslambda,cloudtrail,config,dynamodb,ec2,events,guardduty,iam,logs,s3,sns,ssm,sts]==$version")
stamp=".venv/.moto-$version"
[ -e "$stamp" ] && exit 0

command -v python3 >/dev/null || { echo "The AWS emulator needs Python 3.9 or newer: install python3." >&2; exit 1; }

has_moto() { python3 -c 'from importlib.metadata import version; raise SystemExit(not version("moto").startswith("5.2."))' 2>/dev/null; }

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  has_moto && { echo "No .venv (python3 lacks venv): using the moto that python3 already has."; exit 0; }
  echo "python3 cannot create virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2
  exit 1
fi

rm -rf .venv
python3 -m venv .venv
if errors=$(.venv/bin/python -m pip install --quiet --disable-pip-version-check "${packages[@]}" 2>&1); then
  touch "$stamp"
  echo "AWS emulator: moto $version in .venv"
else
  rm -rf .venv
  has_moto || { echo "$errors"; echo "moto $version could not be installed. Check that the Python package index is reachable."; exit 1; } >&2
  echo "The Python package index is not reachable: using the moto that python3 already has."
fi

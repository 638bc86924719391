#!/usr/bin/env bash
# Makes an environment with checkrein. From this checkout and its lock file: every package that is
# installed has a hash there. Or, where a version is asked for, that release.
# Arguments: the environment's folder; a Python, python3 if none; a version, this checkout if none.
set -euo pipefail
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
environment=$1
python=${2:-python3}
version=${3:-}
# -I: the folder that this runs in is the one to be scanned, and its venv.py or pip.py is not ours
"$python" -I -m venv "$environment"
pip=("$environment/bin/python" -I -m pip --quiet --disable-pip-version-check install)
if [ -n "$version" ]; then
  if ! [[ $version =~ ^[0-9][0-9A-Za-z.+!-]*$ ]]; then
    echo "::error::version must be a version's number" >&2
    exit 2
  fi
  "${pip[@]}" "checkrein==$version"
  exit
fi
locked=$(mktemp)
trap 'rm -f "$locked"' EXIT
"$environment/bin/python" "$source_folder/ci/locked.py" "$source_folder" >"$locked"
"${pip[@]}" --require-hashes --no-deps -r "$locked"
"${pip[@]}" --no-deps --no-build-isolation "$source_folder"

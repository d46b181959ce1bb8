#!/usr/bin/env bash
# Installs the programs that tests use and Python cannot bring: tmux, and venv where Debian splits
# it off. Without root or apt-get it says what is missing and goes on: those tests then skip.
set -euo pipefail

missing=()
command -v make >/dev/null || missing+=(make)
command -v tmux >/dev/null || missing+=(tmux)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)

if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "system packages not installed (needs root and apt-get): ${missing[*]}" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
  echo "system packages could not be installed: ${missing[*]}" >&2

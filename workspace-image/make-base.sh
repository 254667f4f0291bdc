#!/usr/bin/env bash
# A base for an image where no registry of images can be reached, from Debian's packages alone:
# `make-base.sh <list of packages> <name>`. Leaves out what Debian's own slim image leaves out. Prints the image's name,
# which says what is in it, so that the same list is made once.
set -euo pipefail
list=$(sed 's/#.*//' "$1" | tr -s ' \n' ',' | sed 's/^,//; s/,$//')
image=$2:$(printf %s "$list" | sha256sum | cut -c1-12)
if ! docker image inspect "$image" >/dev/null 2>&1; then
  command -v mmdebstrap >/dev/null || {
    echo "No registry gives a base image, and mmdebstrap is not there to make one: install it." >&2
    exit 1
  }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo "making $image from Debian's packages" >&2
  mmdebstrap --quiet --variant=apt --include="$list" --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$work/base.tar" >&2
  docker import "$work/base.tar" "$image" >/dev/null
fi
echo "$image"

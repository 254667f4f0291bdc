#!/usr/bin/env bash
# Builds the image of workspaces: `npm run workspace-image [-- tag]`. The same Dockerfile with and without a registry
# of images; without one (or with CARREL_BASE=packages) its base is made here from Debian's packages.
#   DOCKER_HOST        the engine
#   EXTRA_PACKAGES     more of Debian's packages (a browser, say: "chromium fonts-noto-cjk")
#   CARREL_BASE        an image to start from; `packages` makes one
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tag=${1:-carrel-workspace:0.1.0}
published=$(sed -n 's/^ARG BASE=//p' "$here/Dockerfile")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The base from packages alone: what packages.txt names, and the same files as Debian's own image leaves out.
make_base() {
  local list name
  list=$(sed 's/#.*//' "$here/packages.txt" | tr -s ' \n' ',' | sed 's/^,//; s/,$//')
  name=carrel-workspace-base:$(printf %s "$list" | sha256sum | cut -c1-12)
  if ! docker image inspect "$name" >/dev/null 2>&1; then
    command -v mmdebstrap >/dev/null || {
      echo "No registry gives $published, and mmdebstrap is not there to make a base: install it." >&2
      exit 1
    }
    echo "making a base from Debian's packages" >&2
    mmdebstrap --quiet --variant=apt --include="$list" --aptopt='APT::Install-Recommends "false"' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$work/base.tar" >&2
    docker import "$work/base.tar" "$name" >/dev/null
    rm "$work/base.tar"
  fi
  echo "$name"
}

base=${CARREL_BASE:-$published}
if [ "$base" = packages ]; then
  base=$(make_base)
elif ! docker image inspect "$base" >/dev/null 2>&1 && ! docker pull -q "$base" >/dev/null 2>&1; then
  base=$(make_base)
fi

# A context of its own: what this machine needs to reach its package registries comes in, and not into the image.
mkdir "$work/context"
cp -R "$here"/. "$work/context"
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
[ ! -e "$certificates" ] || cp "$certificates" "$work/context/ca.crt"
registry=$(npm config get registry)
DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --quiet --network host --tag "$tag" \
  --build-arg BASE="$base" --build-arg NPM_REGISTRY="${registry%/}" \
  --build-arg EXTRA_PACKAGES="${EXTRA_PACKAGES:-}" "$work/context" >"$work/log" 2>&1 || {
  tail -n 30 "$work/log" >&2
  exit 1
}
bytes=$(docker image inspect --format '{{.Size}}' "$tag")
echo "$tag on $base: $((bytes / 1000000)) MB"

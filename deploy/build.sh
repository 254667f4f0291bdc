#!/usr/bin/env bash
# Builds the product's image: `deploy/build.sh [tag]`. CARREL_BASE names another base, for machines without a registry.
set -euo pipefail
cd "$(dirname "$0")/.."
tag=${1:-carrel:0.1.0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What git knows, as it stands in the checkout, and the certificates that this machine's registries need.
git ls-files -z -- . ':!test' | xargs -0 cp --parents -t "$work"
cp .dockerignore "$work"
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
[ ! -e "$certificates" ] || cp "$certificates" "$work/ca.crt"
registry=$(npm config get registry)
DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --quiet --network host --file deploy/Dockerfile --tag "$tag" \
  ${CARREL_BASE:+--build-arg BASE="$CARREL_BASE"} --build-arg NPM_REGISTRY="${registry%/}" "$work" >"$work.log" 2>&1 || {
  tail -n 30 "$work.log" >&2
  exit 1
}
rm -f "$work.log"
echo "$tag: $(($(docker image inspect --format '{{.Size}}' "$tag") / 1000000)) MB"

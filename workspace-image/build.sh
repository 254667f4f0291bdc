#!/usr/bin/env bash
# Builds the image of workspaces: `npm run workspace-image [-- tag]`. The same Dockerfile with and without a registry
# of images; without one (or with CARREL_BASE=packages) its base is made here from Debian's packages.
#   DOCKER_HOST        the engine
#   EXTRA_PACKAGES     more of Debian's packages (a browser, say: "chromium fonts-noto-cjk")
#   EXTRA_NPM          more programs from npm, each as name@version (an agent's command line: "@openai/codex@0.169.0")
#   CARREL_BASE        an image to start from; `packages` makes one
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tag=${1:-carrel-workspace:0.1.0}
published=$(sed -n 's/^ARG BASE=//p' "$here/Dockerfile")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

base=${CARREL_BASE:-$published}
if [ "$base" = packages ]; then
  base=$("$here/make-base.sh" "$here/packages.txt" carrel-workspace-base)
elif ! docker image inspect "$base" >/dev/null 2>&1 && ! docker pull -q "$base" >/dev/null 2>&1; then
  base=$("$here/make-base.sh" "$here/packages.txt" carrel-workspace-base)
fi

# A context of its own: what this machine needs to reach its package registries comes in, and not into the image.
mkdir "$work/context"
cp -R "$here"/. "$work/context"
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
[ ! -e "$certificates" ] || cp "$certificates" "$work/context/ca.crt"
registry=$(npm config get registry)
DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --quiet --network host --tag "$tag" \
  --build-arg BASE="$base" --build-arg NPM_REGISTRY="${registry%/}" \
  --build-arg EXTRA_PACKAGES="${EXTRA_PACKAGES:-}" --build-arg EXTRA_NPM="${EXTRA_NPM:-}" "$work/context" >"$work/log" 2>&1 || {
  tail -n 30 "$work/log" >&2
  exit 1
}
bytes=$(docker image inspect --format '{{.Size}}' "$tag")
echo "$tag on $base: $((bytes / 1000000)) MB"

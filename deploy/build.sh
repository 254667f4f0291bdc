#!/usr/bin/env bash
# Builds the product's image: `deploy/build.sh [tag]`.
#   CARREL_BASE            an image to start from; `packages` makes one from Debian's packages, as does a lack of a registry
#   CARREL_FROM_CHECKOUT   1: takes the packages and pages that `npm install` left in this checkout, in place of making
#                          them anew inside: a quarter of the time, for tests and for trying out
set -euo pipefail
cd "$(dirname "$0")/.."
tag=${1:-carrel:0.1.0}
work=$(mktemp -d)
container=
trap 'rm -rf "$work"; [ -z "$container" ] || docker rm -f "$container" >/dev/null' EXIT

published=$(sed -n 's/^ARG BASE=//p' deploy/Dockerfile)
base=${CARREL_BASE:-$published}
if [ "$base" = packages ]; then
  base=$(workspace-image/make-base.sh deploy/packages.txt carrel-base)
elif ! docker image inspect "$base" >/dev/null 2>&1 && ! docker pull -q "$base" >/dev/null 2>&1; then
  base=$(workspace-image/make-base.sh deploy/packages.txt carrel-base)
fi

# The certificates that this machine's registries need come in, and not into the image.
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
touch "$work/ca.crt"
[ ! -e "$certificates" ] || cp "$certificates" "$work/ca.crt"
registry=$(npm config get registry)

# build <tag> <list of files> [more arguments]
build() {
  local name=$1 files=$2
  shift 2
  tar --create --files-from "$files" --directory "$work" ca.crt |
    DOCKER_BUILDKIT=0 docker build --quiet --network host --file deploy/Dockerfile --tag "$name" \
      --build-arg BASE="$base" --build-arg NPM_REGISTRY="${registry%/}" "$@" - >"$work/log" 2>&1 || {
    tail -n 30 "$work/log" >&2
    exit 1
  }
}

# What git knows, as it stands in the checkout, without what only developing needs.
git ls-files -- . ':!test' ':!bench' ':!docs' ':!.ci' | while read -r file; do
  [ ! -e "$file" ] || echo "$file"
done >"$work/sources"

# The packages of production, each with what it has of its own, and the pages that were built last.
made() {
  npm ls --omit=dev --all --parseable 2>/dev/null | sed "1d; s|^$PWD/node_modules/||" | grep -v /node_modules/ | sort -u |
    while read -r package; do
      leave=
      for pattern in $(sed 's/#.*//' deploy/not-in-production.txt); do
        # shellcheck disable=SC2053 # a pattern
        [[ $package != $pattern ]] || leave=yes
      done
      [ -n "$leave" ] || echo "node_modules/$package"
    done
  echo src/platform/prisma
  echo .next/current
  echo ".next/$(cat .next/current)"
}

# Names all that a build from the checkout depends on.
fingerprint() {
  {
    echo "$base"
    xargs -d '\n' sha256sum <"$work/sources"
    cat .next/current src/platform/prisma/.made-from
  } | sha256sum | cut -c1-32
}

if [ "${CARREL_FROM_CHECKOUT:-}" = 1 ]; then
  print=$(fingerprint)
  if [ "$(docker image inspect --format '{{index .Config.Labels "carrel.checkout"}}' "$tag" 2>/dev/null)" != "$print" ]; then
    grep -E '^(deploy|workspace-image)/' "$work/sources" >"$work/few"
    build "$tag-runtime" "$work/few" --target runtime
    made >>"$work/sources"
    container=$(docker create "$tag-runtime")
    tar --create --mode=go-w,a+rX --owner=0 --group=0 --files-from "$work/sources" | docker cp - "$container:/app"
    docker commit --change "LABEL carrel.checkout=$print" "$container" "$tag" >/dev/null
  fi
else
  build "$tag" "$work/sources"
fi
echo "$tag on $base: $(($(docker image inspect --format '{{.Size}}' "$tag") / 1000000)) MB"

#!/usr/bin/env bash
# PostgreSQL's image from Debian's packages, where no registry can be reached: `deploy/postgres/build.sh [tag]`.
# docker-compose.yml takes it by POSTGRES_IMAGE.
set -euo pipefail
cd "$(dirname "$0")"
tag=${1:-carrel-postgres:0.1.0}
base=$(../../workspace-image/make-base.sh packages.txt carrel-postgres-base)
DOCKER_BUILDKIT=0 docker build --quiet --tag "$tag" --build-arg BASE="$base" . >/dev/null
echo "$tag on $base"

#!/bin/sh
# Inside the image, in /app: packages and pages; then what only building needed goes again.
set -eu
[ ! -s /build/ca.crt ] || export NODE_EXTRA_CA_CERTS=/build/ca.crt
export PATH=/opt/carrel/bin:$PATH NPM_CONFIG_REGISTRY="$1" NPM_CONFIG_CACHE=/tmp/npm NPM_CONFIG_FUND=false NPM_CONFIG_AUDIT=false
node /build/npm/bin/npm-cli.js install
node /build/npm/bin/npm-cli.js prune --omit=dev --ignore-scripts
sed 's/#.*//' deploy/not-in-production.txt | (cd node_modules && xargs sh -c 'for name; do rm -rf $name; done' sh)
rm -rf /tmp/npm ca.crt
chmod -R go-w,a+rX /app

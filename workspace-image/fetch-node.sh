#!/bin/sh
# Node and the tools from the npm registry, each held against a checksum or the lockfile.
#   fetch-node.sh <registry> <to>                 Node and a first npm
#   fetch-node.sh install-tools <registry> <to>   what tools/package-lock.json names (`npm ci` refuses a lockfile that was
#                                                  written where packages for other platforms are missing)
#   fetch-node.sh install-extras <registry> <to> [name@version ...]   what the operator wants besides
set -eu
here=$(dirname "$0")
if [ -e "$here/ca.crt" ]; then
  # The certificates of the machine that builds: its registry may stand behind a mirror. They stay in this stage.
  export SSL_CERT_FILE="$here/ca.crt" CURL_CA_BUNDLE="$here/ca.crt" NODE_EXTRA_CA_CERTS="$here/ca.crt"
fi

NODE=22.23.3
case $(dpkg --print-architecture) in
  amd64)
    arch=x64
    sum=qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==
    ;;
  arm64)
    arch=arm64
    sum=l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==
    ;;
esac
NPM=11.21.2
npm_sum=7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==

# fetch <url> <sha512 in base64> <directory>
fetch() {
  curl -fsSL --retry 3 -o /tmp/package.tgz "$1"
  found=$(openssl dgst -sha512 -binary /tmp/package.tgz | base64 -w0)
  [ "$found" = "$2" ] || { echo "$1 is not what was expected: sha512 $found" >&2; exit 1; }
  mkdir -p "$3"
  tar xzf /tmp/package.tgz -C "$3" --strip-components=1 --no-same-owner
  rm /tmp/package.tgz
}

if [ "$1" = install-tools ]; then
  to=$3
  PATH="$to/bin:$PATH" node "$here/npm/bin/npm-cli.js" install --no-save --prefix "$to/tools" --registry "$2" \
    --ignore-scripts --no-audit --no-fund --cache /tmp/npm-cache
  for program in npm npx tsc eslint biome prettier secretlint vitest jest; do
    ln -s "../tools/node_modules/.bin/$program" "$to/bin/$program"
  done
  # It names the registry of the machine that builds.
  rm -f "$to/tools/node_modules/.package-lock.json"
  exit 0
fi
if [ "$1" = install-extras ]; then
  registry=$2
  to=$3
  shift 3
  [ $# -gt 0 ] || exit 0
  for package in "$@"; do
    echo "$package" | grep -Eq '.@[0-9]+\.[0-9]+\.[0-9]+[^ ]*$' || { echo "EXTRA_NPM: $package names no exact version" >&2; exit 1; }
  done
  PATH="$to/bin:$PATH" npm install --prefix "$to/extras" --registry "$registry" --no-audit --no-fund --cache /tmp/npm-cache "$@"
  for program in "$to"/extras/node_modules/.bin/*; do
    [ -e "$to/bin/$(basename "$program")" ] || ln -s "../extras/node_modules/.bin/$(basename "$program")" "$to/bin/"
  done
  rm -f "$to/extras/node_modules/.package-lock.json" "$to/extras/package-lock.json"
  exit 0
fi
fetch "$1/node-linux-$arch/-/node-linux-$arch-$NODE.tgz" "$sum" "$here/node"
fetch "$1/npm/-/npm-$NPM.tgz" "$npm_sum" "$here/npm"
mkdir -p "$2/bin"
cp "$here/node/bin/node" "$2/bin/node"
mkdir -p "$2/include"
cp -R "$here/node/include/node" "$2/include/node"

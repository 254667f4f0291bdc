#!/bin/sh
# Settings with fresh secrets, for docker-compose.yml: `deploy/new-env.sh https://carrel.example.com > .env`.
set -eu
address=${1:?the https address that people will open}
secret() {
  openssl rand -base64 33 | tr '+/' '-_'
}
# What npm and pip of this machine are set to: the runner's image has neither. No password goes with it.
bare() {
  sed 's#//[^/@]*@#//#'
}
npm_registry=$(npm config get registry 2>/dev/null | bare) || true
pip_index=$(COLUMNS=2000 pip3 install --help 2>/dev/null | sed -n 's/.*--index-url <url>.*(default \([^ )]*\)).*/\1/p' | bare) || true
umask 077
cat <<END
NEXTAUTH_URL=$address
NEXTAUTH_SECRET=$(secret)
CARREL_RUNNER_SECRET=$(secret)
CARREL_RUN_TOKEN_SECRET=$(secret)
CARREL_KEY_SECRET=$(secret)
CARREL_ENV_SECRET=$(secret)
CARREL_GITHUB_KEY_SECRET=$(secret)
POSTGRES_PASSWORD=$(secret)
NPM_CONFIG_REGISTRY=$npm_registry
PIP_INDEX_URL=$pip_index
CARREL_OPERATORS=
ANTHROPIC_API_KEY=
END

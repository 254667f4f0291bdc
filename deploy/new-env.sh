#!/bin/sh
# Settings with fresh secrets, for docker-compose.yml: `deploy/new-env.sh https://carrel.example.com > .env`.
set -eu
address=${1:?the https address that people will open}
secret() {
  openssl rand -base64 33 | tr '+/' '-_'
}
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
CARREL_OPERATORS=
ANTHROPIC_API_KEY=
END

#!/bin/sh
# Makes the cluster at the first start, then serves it. POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD as in the official image.
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
as_postgres() {
  setpriv --reuid postgres --regid postgres --init-groups "$@"
}
mkdir -p "$PGDATA" /var/run/postgresql
chown postgres:postgres "$PGDATA" /var/run/postgresql
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:?}" >"$password"
  chown postgres "$password"
  as_postgres "$bin/initdb" --username "$POSTGRES_USER" --pwfile "$password" --auth-local trust --auth-host scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 >/dev/null
  rm "$password"
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  printf 'CREATE DATABASE "%s"' "$POSTGRES_DB" | as_postgres "$bin/postgres" --single -E postgres >/dev/null
fi
unset POSTGRES_PASSWORD
exec setpriv --reuid postgres --regid postgres --init-groups "$bin/postgres" -c listen_addresses='*'

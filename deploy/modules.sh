#!/bin/sh
# Each module its own credentials, which reach nothing of the others:
#
#   modules.sh postgres   a role with its schemas, made by psql, which reads where the server is from the environment
#   modules.sh redis      lines of redis.conf: a user for its keys
#   modules.sh sentinel   lines of sentinel.conf: who may only ask where the primary is
#
# The secrets are files: database-url-<module>, redis-password-<module>, redis-password (replicas, Sentinels, operators) and
# sentinel-password. PostgreSQL's image runs this file by itself, once, in an empty volume.
set -eu
secrets=${SECRETS:-/run/secrets}
# The Registerbehoerde is the second door to the applications for certificates of conduct: it shares their credentials.
modules='id bayern-portal mein-postfach bezahlsystem fuehrungszeugnis'

parts() {
  case $1 in fuehrungszeugnis) echo fuehrungszeugnis registerbehoerde ;; *) echo "$1" ;; esac
}

# Stands unquoted in SQL, in an address and in a line of redis.conf.
plain() {
  case $2 in
    '' | *[!0-9A-Za-z_~.-]*)
      echo "$1: a password of letters, digits, - . _ ~ alone" >&2
      exit 1
      ;;
  esac
}

password() {
  found=$(cat "$secrets/$1")
  plain "$1" "$found"
  echo "$found"
}

role() {
  address=$(cat "$secrets/database-url-$1")
  secret=$(echo "$address" | sed -n "s#^postgres\(ql\)\{0,1\}://$1:\([^@]*\)@.*#\2#p")
  plain "database-url-$1 (postgres://$1:password@…)" "$secret"
  echo "create role \"$1\" login password '$secret';"
  echo "grant connect on database :\"DBNAME\" to \"$1\";"
  for part in $(parts "$1"); do
    echo "create schema \"$part\" authorization \"$1\";"
    echo "create schema \"$part-artifacts\" authorization \"$1\";"
  done
}

roles() {
  echo 'begin;'
  echo 'revoke all on database :"DBNAME" from public;'
  echo 'revoke all on schema public from public;'
  for module in $modules; do role "$module"; done
  echo 'commit;'
}

users() {
  for module in $modules; do
    secret=$(password "redis-password-$module")
    keys=$(for part in $(parts "$module"); do printf '~%s:* ' "$part"; done)
    echo "user $module on >$secret $keys-@all +@read +@write +@connection +eval +evalsha -@dangerous +info +role"
  done
}

case ${1:-postgres} in
  postgres)
    text=$(roles)
    echo "$text" | psql -v ON_ERROR_STOP=1 -q --no-psqlrc ${POSTGRES_USER:+--username "$POSTGRES_USER"} ${POSTGRES_DB:+--dbname "$POSTGRES_DB"}
    ;;
  redis)
    text=$(users)
    echo "$text"
    ;;
  sentinel)
    asking=$(password sentinel-password)
    all=$(password redis-password)
    echo "user operator on >$all ~* &* +@all"
    echo "user default on >$asking -@all +auth +hello +ping +role +info +client|setname +client|getname +client|id +subscribe +psubscribe +unsubscribe &* +sentinel|get-master-addr-by-name +sentinel|master +sentinel|masters +sentinel|replicas +sentinel|slaves +sentinel|sentinels"
    ;;
esac

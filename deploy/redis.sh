#!/bin/sh
# Starts a Redis or a Sentinel of compose.yaml, or asks one. Passwords stay out of command lines and of the environment.
set -eu
what=$1
name=$2
password=$(cat /run/secrets/redis-password)
asking=$(cat /run/secrets/sentinel-password)
tls='tls-replication yes
tls-auth-clients no
tls-cert-file /run/secrets/redis.pem
tls-key-file /run/secrets/redis.key
tls-ca-cert-file /run/secrets/stores-ca.pem'

# Whom the Sentinels name; nothing where none answers.
primary() {
  for sentinel in sentinel-1 sentinel-2 sentinel-3; do
    found=$(REDISCLI_AUTH=$asking timeout 2 redis-cli --tls --cacert /run/secrets/stores-ca.pem -h "$sentinel" -p 26379 \
      sentinel get-master-addr-by-name main 2> /dev/null | head -n 1) && [ -n "$found" ] && echo "$found" && return
  done
  echo ''
}

case $what in
  server)
    # One that comes back is empty. As the primary it would empty its replicas, so it waits until one of them has its place.
    followed=$(primary)
    tries=0
    while [ "$followed" = "$name" ] && [ "$tries" -lt 30 ]; do
      sleep 1
      tries=$((tries + 1))
      followed=$(primary)
    done
    # The first start of all: nobody is there yet.
    [ -n "$followed" ] || followed=redis-1
    {
      echo "port 0
tls-port 6379
$tls
requirepass $password
masterauth $password
replica-announce-ip $name
maxmemory 384mb
maxmemory-policy noeviction
min-replicas-to-write 1
min-replicas-max-lag 10
save \"\"
appendonly no"
      sh /usr/local/bin/modules.sh redis
      [ "$name" = "$followed" ] || echo "replicaof $followed 6379"
    } > /tmp/redis.conf
    exec redis-server /tmp/redis.conf
    ;;
  sentinel)
    {
      sh /usr/local/bin/modules.sh sentinel
      echo "port 0
tls-port 26379
$tls
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $name
sentinel monitor main redis-1 6379 2
sentinel auth-pass main $password
sentinel sentinel-user operator
sentinel sentinel-pass $password
sentinel down-after-milliseconds main 2000
sentinel failover-timeout main 10000"
    } > /tmp/sentinel.conf
    exec redis-server /tmp/sentinel.conf --sentinel
    ;;
  ping)
    [ "$name" = 6379 ] || password=$asking
    REDISCLI_AUTH=$password exec redis-cli --tls --cacert /run/secrets/stores-ca.pem -p "$name" ping
    ;;
esac

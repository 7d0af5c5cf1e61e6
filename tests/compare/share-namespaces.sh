#!/bin/bash
# Starts the second listener in one network namespace and asks it from another, over a veth pair.
# Needs no privileges where user namespaces are allowed; else both ends are addresses of this host.
# Usage: share-namespaces.sh NODE
set -u
node=$1
here=$(dirname "$0")

if [ "${2:-}" = inside ]; then
  set -e
  ip link set lo up
  unshare -n sleep 50 &
  other=$!
  for _ in $(seq 50); do
    [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ] && break
    sleep 0.05
  done
  ip link add share0 type veth peer name share1
  ip link set share1 netns "$other"
  ip addr add 10.77.0.1/24 dev share0
  ip link set share0 up
  nsenter -t "$other" -n ip addr add 10.77.0.2/24 dev share1
  nsenter -t "$other" -n ip link set share1 up
  "$node" "$here/share-server.ts" 10.77.0.1 8099 &
  server=$!
  trap 'kill $server $other 2>/dev/null' EXIT
  nsenter -t "$other" -n "$node" "$here/share-client.ts" 10.77.0.1 8099 'from another network namespace'
  exit
fi

if unshare -Urn true 2>/dev/null && command -v ip >/dev/null && command -v nsenter >/dev/null &&
  unshare -Urn bash "$0" "$node" inside 2>/dev/null; then
  exit 0
fi
"$node" "$here/share-server.ts" 127.0.0.1 8099 &
server=$!
trap 'kill $server 2>/dev/null' EXIT
"$node" "$here/share-client.ts" 127.0.0.1 8099 'from another address'

#!/bin/bash
# Three hosts and a worker, each in a network namespace of its own on a bridge, each host with a folder
# for its data that nobody else sees. Needs no privileges where user namespaces are allowed; else the hosts are addresses of
# this machine, and being cut off is being stopped.
# Usage: host-namespaces.sh NODE FOLDER; prints lines of JSON (host-client.ts).
set -u
node=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
cli=$here/../../server/cli/parley.mjs

wait_for() { for _ in $(seq 400); do "$@" && return; sleep 0.05; done; return 1; }

# HOST INDEX ADDRESS PIN: what each host runs, inside its namespaces where there are any.
if [ "${3:-}" = host ]; then
  index=$4 address=$5 pin=$6
  mkdir -p "$folder/own"
  [ "${7:-}" = plain ] || mount -t tmpfs tmpfs "$folder/own" || exit 9
  PARLEY_DATA=$folder/own/host-$index exec "$node" "$cli" party --listen "$address" --trust "$pin" --json
fi

# Namespaces first; where that cannot be, the same without.
if [ $# = 2 ]; then
  if unshare -Urnm ip link add br0 type bridge 2>/dev/null; then
    exec unshare -Urnm bash "$0" "$node" "$folder" inside
  fi
  exec bash "$0" "$node" "$folder" plain
fi

if [ "$3" = inside ]; then
  set -e
  ip link set lo up
  ip link add br0 type bridge
  ip link set br0 up
  ip addr add 10.88.0.254/24 dev br0
fi
pin=$(PARLEY_DATA=$folder/worker "$node" "$cli" party)
pids=()
trap 'kill -KILL "${pids[@]}" 2>/dev/null' EXIT
for index in 0 1 2; do
  out=$folder/host-$index.json
  if [ "${3:-}" = inside ]; then
    unshare -nm bash -c "while [ ! -e '$folder/up-$index' ]; do sleep 0.05; done; exec bash '$0' '$node' '$folder' host $index 10.88.0.$((index + 1)):7400 $pin" >"$out" &
    pids+=($!)
    other=$!
    own() { [ "$(readlink "/proc/$other/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
    wait_for own
    ip link add "h$index" type veth peer name eth0 netns "$other"
    ip link set "h$index" master br0 up
    nsenter -t "$other" -n ip link set lo up
    nsenter -t "$other" -n ip addr add "10.88.0.$((index + 1))/24" dev eth0
    nsenter -t "$other" -n ip link set eth0 up
    touch "$folder/up-$index"
    cut[index]="ip link set h$index down"
  else
    bash "$0" "$node" "$folder" host "$index" "127.0.0.$((index + 1)):0" "$pin" plain >"$out" &
    pids+=($!)
    cut[index]="kill -STOP $!"
  fi
done
ready() { [ -s "$folder/host-0.json" ] && [ -s "$folder/host-1.json" ] && [ -s "$folder/host-2.json" ]; }
wait_for ready
export PARLEY_HOST_CUT=${cut[1]}
PARLEY_DATA=$folder/worker "$node" --disable-warning=ExperimentalWarning "$here/host-client.ts" "$folder"

#!/bin/sh
# Engine netem of the kernel backend: makes the network of one run, says so in a line of JSON, and
# holds it until its standard input ends. Runs inside fresh user, network and mount namespaces.
#
#   netem.sh TOPOLOGY MTU ENDS LINK ...      LINK = FROM:TO:RATE_BIT:DELAY_US, ends from 0, RATE 0 = no limit
#
# Every end is a namespace np<i> with eth0, joined to a bridge. What an end receives leaves the bridge
# through port p<i>, so shaping sits there, away from the sender's own queue: a class for each sender.
# With `nic` the rate is the sender's instead, on its own eth0. With `shared` there is one namespace, and
# one queue on its lo, through which every packet passes once in each direction.
set -e
topology=$1 mtu=$2 ends=$3
shift 3
fail() { printf '{"error":"%s"}\n' "$(printf '%s' "$1" | tr '"\\\n' "'/ ")"; exit 1; }
step() { out=$("$@" 2>&1) || fail "$*: $out"; }

mount -t tmpfs tmpfs /run 2>/dev/null || fail 'no mount namespace'
mkdir -p /run/netns
# 1000 packets are the default, and too few for a WAN: the rest would be lost silently.
limit=100000
netem() { # device namespace parent-or-root handle rate delay
  rate=''
  [ "$5" = 0 ] || rate="rate ${5}bit"
  # shellcheck disable=SC2086
  step ip netns exec "$2" tc qdisc add dev "$1" $3 $4 netem delay "${6}us" $rate limit "$limit"
}

if [ "$topology" = shared ]; then
  step ip netns add np0
  step ip -n np0 link set lo mtu "$mtu"
  step ip -n np0 link set lo up
  first=$1
  rate=$(echo "$first" | cut -d: -f3) delay=$(echo "$first" | cut -d: -f4)
  netem lo np0 root 'handle 1:' "$rate" "$delay"
else
  step ip netns add hub
  step ip -n hub link add br0 type bridge
  step ip -n hub link set br0 up
  i=0
  while [ "$i" -lt "$ends" ]; do
    step ip netns add "np$i"
    step ip -n hub link add "p$i" type veth peer name eth0 netns "np$i"
    step ip -n hub link set "p$i" master br0 up
    step ip -n "np$i" link set lo up
    step ip -n "np$i" link set eth0 mtu "$mtu" up
    step ip -n "np$i" addr add "10.211.0.$((i + 1))/24" dev eth0
    ip -n "np$i" route replace 10.211.0.0/24 dev eth0 congctl cubic 2>/dev/null || true
    # A class for each sender, and one more for everything else (ARP).
    step ip netns exec hub tc qdisc add dev "p$i" root handle 1: prio bands $((ends + 1 > 2 ? ends + 1 : 2)) \
      priomap 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
    i=$((i + 1))
  done
  for link in "$@"; do
    from=$(echo "$link" | cut -d: -f1) to=$(echo "$link" | cut -d: -f2)
    rate=$(echo "$link" | cut -d: -f3) delay=$(echo "$link" | cut -d: -f4)
    if [ "$topology" = nic ]; then
      # The last one wins: the links of one card have one rate.
      if [ "$rate" != 0 ]; then
        out=$(ip netns exec "np$from" tc qdisc replace dev eth0 root handle 1: netem rate "${rate}bit" \
          limit "$limit" 2>&1) || fail "tc: $out"
      fi
      rate=0
    fi
    netem "p$to" hub "parent 1:$((from + 2))" "handle $((from + 10)):" "$rate" "$delay"
    step ip netns exec hub tc filter add dev "p$to" parent 1: protocol ip prio 1 u32 \
      match ip src "10.211.0.$((from + 1))/32" flowid "1:$((from + 2))"
  done
fi
printf '{"ready":true,"pid":%s}\n' "$$"
# Until whoever started this is gone or done.
cat >/dev/null
printf '{"stopped":true}\n'

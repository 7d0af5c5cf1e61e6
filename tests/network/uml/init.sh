#!/bin/sh
# Process 1 of a user-mode Linux whose root is the host's own file system. Loads what netem needs, runs
# the guest program, halts. It must not clean up: the disk is the real one.
#
# Kernel command line: parley_modules=, parley_busybox=, parley_node=, parley_out=
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
for word in $(cat /proc/cmdline); do
  case $word in
    parley_modules=*) modules=${word#*=} ;;
    parley_busybox=*) busybox=${word#*=} ;;
    parley_node=*) node=${word#*=} ;;
    parley_guest=*) guest=${word#*=} ;;
    parley_out=*) out=${word#*=} ;;
  esac
done
exec >"$out.log" 2>&1
[ -c /dev/net/tun ] || echo 'no /dev/net/tun'
for module in net/llc/llc net/802/stp lib/crc-ccitt net/ipv6/ipv6 net/bridge/bridge drivers/net/veth \
  net/sched/sch_prio net/sched/cls_u32 net/sched/sch_netem; do
  "$busybox" insmod "$modules/kernel/$module.ko" || echo "module $module"
done
ip link set lo up
HOME=/ PATH=/usr/sbin:/usr/bin:/sbin:/bin "$node" "$guest" "$out"
"$busybox" halt -f

// parley-net: the privileged-looking part of the kernel network backend, without privileges.
//
//   parley-net switch ENDS TOPOLOGY COMPENSATE_US RATE:DELAY_US ...   (ENDS x ENDS entries, row = sender)
//     Makes a user namespace and, inside it, one network namespace for each end with a TUN device, and
//     carries their packets: each waits for its turn at RATE (bit/s, 0 = no limit; of the pair, of the
//     sender with TOPOLOGY nic, of everything with shared), then for DELAY_US. Prints one line of JSON
//     when it is ready, one at its end. Ends when its standard input does, or with its parent.
//   parley-net enter USER_NS NET_NS COMMAND ...
//     Runs a command inside the namespaces at these paths; it dies with whoever started it.
//
// Charged per packet: what the Ethernet frame of every segment would have (14 bytes and the IP and TCP
// headers), so that 1448 bytes of payload cost 1514. Frames are 64 KiB at most (segmentation offload).

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <deque>
#include <string>
#include <vector>

namespace {

constexpr int kMostEnds = 8;
constexpr int kBuffer = 65536 + 256;
constexpr int64_t kMostQueuedBytes = 64 << 20;
constexpr int64_t kLateNs = 100'000;
constexpr int kEthernetBytes = 14;
constexpr const char* kNetwork = "10.211.0.";

[[noreturn]] void fail(const char* format, ...) {
  char text[300];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  const char* why = errno == 0 ? "" : strerror(errno);
  printf("{\"error\":\"%s%s%s\"}\n", text, errno == 0 ? "" : ": ", why);
  fflush(stdout);
  exit(1);
}

bool writeFile(const char* path, const std::string& text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool ok = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return ok;
}

int64_t nowNs() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000ll + t.tv_nsec;
}

// A user namespace in which this user is who it was, and may configure networks.
void ownUserNamespace() {
  uid_t uid = geteuid();
  gid_t gid = getegid();
  if (unshare(CLONE_NEWUSER) != 0) fail("no user namespace (unshare)");
  prctl(PR_SET_DUMPABLE, 1);
  char map[64];
  writeFile("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", uid, uid);
  if (!writeFile("/proc/self/uid_map", map)) fail("no user namespace (uid_map)");
  snprintf(map, sizeof map, "%u %u 1", gid, gid);
  if (!writeFile("/proc/self/gid_map", map)) fail("no user namespace (gid_map)");
}

void setUp(int control, const char* device) {
  ifreq request{};
  snprintf(request.ifr_name, IFNAMSIZ, "%s", device);
  if (ioctl(control, SIOCGIFFLAGS, &request) != 0) fail("flags of %s", device);
  request.ifr_flags |= IFF_UP;
  if (ioctl(control, SIOCSIFFLAGS, &request) != 0) fail("bringing %s up", device);
}

void setAddress(int control, const char* device, unsigned long what, const char* text) {
  ifreq request{};
  snprintf(request.ifr_name, IFNAMSIZ, "%s", device);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  memcpy(&request.ifr_addr, &address, sizeof address);
  if (ioctl(control, what, &request) != 0) fail("address %s of %s", text, device);
}

// Replaces the route of the network by one with cubic, whatever this host's default is.
bool routeWithCubic(int index, const char* own) {
  struct {
    nlmsghdr head;
    rtmsg route;
    char attributes[256];
  } message{};
  message.head.nlmsg_len = NLMSG_LENGTH(sizeof(rtmsg));
  message.head.nlmsg_type = RTM_NEWROUTE;
  message.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  message.route.rtm_family = AF_INET;
  message.route.rtm_dst_len = 24;
  message.route.rtm_table = RT_TABLE_MAIN;
  message.route.rtm_protocol = RTPROT_KERNEL;
  message.route.rtm_scope = RT_SCOPE_LINK;
  message.route.rtm_type = RTN_UNICAST;
  auto add = [&](int type, const void* data, size_t size) {
    auto* attribute =
        reinterpret_cast<rtattr*>(reinterpret_cast<char*>(&message) + NLMSG_ALIGN(message.head.nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = RTA_LENGTH(size);
    memcpy(RTA_DATA(attribute), data, size);
    message.head.nlmsg_len = NLMSG_ALIGN(message.head.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
    return attribute;
  };
  in_addr destination, source;
  inet_pton(AF_INET, (std::string(kNetwork) + "0").c_str(), &destination);
  inet_pton(AF_INET, own, &source);
  add(RTA_DST, &destination, 4);
  add(RTA_PREFSRC, &source, 4);
  add(RTA_OIF, &index, 4);
  char metrics[32] = {};
  auto* metric = reinterpret_cast<rtattr*>(metrics);
  const char name[] = "cubic";
  metric->rta_type = RTAX_CC_ALGO;
  metric->rta_len = RTA_LENGTH(sizeof name);
  memcpy(RTA_DATA(metric), name, sizeof name);
  add(RTA_METRICS, metrics, RTA_ALIGN(metric->rta_len));
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (netlink < 0) return false;
  char answer[1024];
  bool ok = send(netlink, &message, message.head.nlmsg_len, 0) > 0;
  ssize_t size = ok ? recv(netlink, answer, sizeof answer, 0) : -1;
  close(netlink);
  if (size < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) return false;
  auto* head = reinterpret_cast<nlmsghdr*>(answer);
  return head->nlmsg_type == NLMSG_ERROR && static_cast<nlmsgerr*>(NLMSG_DATA(head))->error == 0;
}

struct End {
  int tun;
  int netns;
  bool cubic;
  bool buffers;
};

// A network namespace with one TUN device; this process ends up inside it.
End makeEnd(int number) {
  if (unshare(CLONE_NEWNET) != 0) fail("no network namespace (unshare)");
  End end{};
  end.netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  end.tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (end.tun < 0) fail("/dev/net/tun cannot be opened");
  ifreq request{};
  snprintf(request.ifr_name, IFNAMSIZ, "parley0");
  request.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
  if (ioctl(end.tun, TUNSETIFF, &request) != 0) fail("no TUN device");
  if (ioctl(end.tun, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4) != 0) fail("no TUN offload");
  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::string own = kNetwork + std::to_string(number + 1);
  setUp(control, "lo");
  setAddress(control, "parley0", SIOCSIFADDR, own.c_str());
  setAddress(control, "parley0", SIOCSIFNETMASK, "255.255.255.0");
  setUp(control, "parley0");
  if (ioctl(control, SIOCGIFINDEX, &request) != 0) fail("index of parley0");
  end.cubic = routeWithCubic(request.ifr_ifindex, own.c_str());
  close(control);
  end.buffers = writeFile("/proc/sys/net/ipv4/tcp_wmem", "4096 262144 33554432") &&
                writeFile("/proc/sys/net/ipv4/tcp_rmem", "4096 262144 33554432");
  writeFile("/proc/sys/net/ipv4/tcp_no_metrics_save", "1");
  return end;
}

// What TUN puts before each packet (virtio, legacy layout); the kernel's header is not valid C++.
struct VnetHeader {
  uint8_t flags;
  uint8_t gsoType;
  uint16_t headerBytes;
  uint16_t segmentBytes;
  uint16_t checksumStart;
  uint16_t checksumOffset;
};

struct Packet {
  int64_t dueNs;
  std::vector<char> bytes;
};

struct Link {
  double bitsPerSecond;
  int64_t delayNs;
  std::deque<Packet> queue;
  int64_t queuedBytes = 0;
  int64_t frames = 0;
  int64_t wireBytes = 0;
  int64_t dropped = 0;
};

struct Switch {
  int ends;
  char topology;
  std::vector<End> end;
  std::vector<Link> links;
  std::vector<int64_t> freeNs;
  int64_t late = 0;
  int64_t worstLateNs = 0;

  int shareOf(int from, int to) const {
    if (topology == 's') return 0;
    return topology == 'n' ? from : from * ends + to;
  }

  void take(int from, const char* data, int size) {
    const int headed = sizeof(VnetHeader);
    if (size < headed + 20) return;
    VnetHeader vnet;
    memcpy(&vnet, data, sizeof vnet);
    const auto* ip = reinterpret_cast<const unsigned char*>(data + headed);
    if (ip[0] >> 4 != 4) return;
    int to = ip[19] - 1;
    if (memcmp(ip + 16, "\x0a\xd3\x00", 3) != 0 || to < 0 || to >= ends || to == from) return;
    int ipBytes = size - headed;
    int segments = 1;
    if (vnet.gsoType != 0 && vnet.segmentBytes > 0) {
      segments = (ipBytes - vnet.headerBytes + vnet.segmentBytes - 1) / vnet.segmentBytes;
      if (segments < 1) segments = 1;
    }
    int64_t wire = ipBytes + kEthernetBytes;
    wire += static_cast<int64_t>(segments - 1) * (kEthernetBytes + vnet.headerBytes);
    Link& link = links[from * ends + to];
    if (link.queuedBytes + size > kMostQueuedBytes) {
      link.dropped += 1;
      return;
    }
    int64_t now = nowNs();
    int64_t dueNs = now + link.delayNs;
    if (link.bitsPerSecond > 0) {
      int64_t& freeAt = freeNs[shareOf(from, to)];
      if (freeAt < now) freeAt = now;
      freeAt += static_cast<int64_t>(wire * 8e9 / link.bitsPerSecond);
      dueNs = freeAt + link.delayNs;
    }
    link.queue.push_back({dueNs, std::vector<char>(data, data + size)});
    link.queuedBytes += size;
    link.frames += segments;
    link.wireBytes += wire;
  }

  // Delivers what is due; returns when the next is, or -1.
  int64_t deliver() {
    int64_t next = -1;
    for (int at = 0; at < ends * ends; at += 1) {
      Link& link = links[at];
      while (!link.queue.empty()) {
        Packet& packet = link.queue.front();
        int64_t lateNs = nowNs() - packet.dueNs;
        if (lateNs < 0) {
          if (next < 0 || packet.dueNs < next) next = packet.dueNs;
          break;
        }
        if (lateNs > kLateNs) late += 1;
        if (lateNs > worstLateNs) worstLateNs = lateNs;
        ssize_t sent = write(end[at % ends].tun, packet.bytes.data(), packet.bytes.size());
        if (sent < 0) link.dropped += 1;
        link.queuedBytes -= packet.bytes.size();
        link.queue.pop_front();
      }
    }
    return next;
  }
};

int runSwitch(int count, char** arguments) {
  if (count < 3) fail("too few arguments");
  Switch net;
  net.ends = atoi(arguments[0]);
  net.topology = arguments[1][0];
  int64_t compensateNs = atoll(arguments[2]) * 1000;
  if (net.ends < 2 || net.ends > kMostEnds) fail("2 to %d ends, not %d", kMostEnds, net.ends);
  if (count != 3 + net.ends * net.ends) fail("wrong number of links");
  for (int at = 0; at < net.ends * net.ends; at += 1) {
    double rate = 0;
    double delayUs = 0;
    if (sscanf(arguments[3 + at], "%lf:%lf", &rate, &delayUs) != 2) fail("bad link");
    int64_t delayNs = static_cast<int64_t>(delayUs * 1000);
    Link link{};
    link.bitsPerSecond = rate;
    link.delayNs = delayNs > compensateNs ? delayNs - compensateNs : 0;
    net.links.push_back(std::move(link));
  }
  net.freeNs.assign(net.ends * net.ends, 0);
  prctl(PR_SET_TIMERSLACK, 1);
  signal(SIGPIPE, SIG_IGN);
  pid_t parent = getppid();
  ownUserNamespace();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) return 1;
  bool cubic = true;
  bool buffers = true;
  for (int i = 0; i < net.ends; i += 1) {
    net.end.push_back(makeEnd(i));
    cubic = cubic && net.end.back().cubic;
    buffers = buffers && net.end.back().buffers;
  }
  int poll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i <= net.ends; i += 1) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = i;
    int fd = i < net.ends ? net.end[i].tun : STDIN_FILENO;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll");
  }
  printf("{\"ready\":true,\"pid\":%d,\"cubic\":%s,\"buffers\":%s,\"netns\":[", getpid(),
         cubic ? "true" : "false", buffers ? "true" : "false");
  for (int i = 0; i < net.ends; i += 1) printf("%s%d", i ? "," : "", net.end[i].netns);
  printf("]}\n");
  fflush(stdout);

  static char buffer[kBuffer];
  for (bool open = true; open;) {
    int64_t next = net.deliver();
    timespec wait{};
    if (next >= 0) {
      int64_t left = next - nowNs();
      if (left < 0) left = 0;
      wait.tv_sec = left / 1'000'000'000;
      wait.tv_nsec = left % 1'000'000'000;
    }
    epoll_event events[kMostEnds + 1];
    int ready = syscall(SYS_epoll_pwait2, poll, events, kMostEnds + 1, next < 0 ? nullptr : &wait,
                        nullptr, 0);
    if (ready < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < ready; i += 1) {
      int from = events[i].data.u32;
      if (from == net.ends) {
        char drop[64];
        if (read(STDIN_FILENO, drop, sizeof drop) <= 0) open = false;
        continue;
      }
      // A few at a time: whoever sends much must not keep the others from being delivered.
      for (int burst = 0; burst < 8; burst += 1) {
        ssize_t size = read(net.end[from].tun, buffer, sizeof buffer);
        if (size <= 0) break;
        net.take(from, buffer, static_cast<int>(size));
      }
    }
  }
  int64_t frames = 0;
  int64_t dropped = 0;
  for (const Link& link : net.links) {
    frames += link.frames;
    dropped += link.dropped;
  }
  printf("{\"frames\":%lld,\"dropped\":%lld,\"late\":%lld,\"worstLateMs\":%.3f}\n",
         static_cast<long long>(frames), static_cast<long long>(dropped),
         static_cast<long long>(net.late), net.worstLateNs / 1e6);
  fflush(stdout);
  return 0;
}

int enter(int count, char** arguments) {
  if (count < 3) fail("too few arguments");
  pid_t parent = getppid();
  int user = open(arguments[0], O_RDONLY | O_CLOEXEC);
  int network = open(arguments[1], O_RDONLY | O_CLOEXEC);
  if (user < 0 || network < 0) fail("the namespaces are gone");
  if (setns(user, CLONE_NEWUSER) != 0) fail("cannot enter the user namespace");
  if (setns(network, CLONE_NEWNET) != 0) fail("cannot enter the network namespace");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) return 1;
  execvp(arguments[2], arguments + 2);
  fail("cannot run %s", arguments[2]);
}

}  // namespace

int main(int count, char** arguments) {
  errno = 0;
  if (count > 2 && strcmp(arguments[1], "switch") == 0) return runSwitch(count - 2, arguments + 2);
  if (count > 2 && strcmp(arguments[1], "enter") == 0) return enter(count - 2, arguments + 2);
  fail("usage: parley-net switch | enter ...");
}

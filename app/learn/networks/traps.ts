/** What goes wrong easily when a network is emulated for secure computation, and what is done here. */
export const traps: readonly { readonly trap: string; readonly answer: string }[] = [
  {
    trap: 'A label drifts from the script: Ditto’s text says 0.4 ms, its script makes 0.2 ms.',
    answer:
      'A setting is data with its citation; the certificate shows what was asked beside what was measured.',
  },
  {
    trap: 'One queue on lo serves both directions and all pairs: three parties take up to six times as long.',
    answer:
      'The topology is part of the spec and is printed with every link; the lo convention is the topology shared.',
  },
  {
    trap: 'The latency of a token-bucket filter is how long a packet may queue, not a delay.',
    answer: 'A link has a rate and a round trip, and nothing else is called latency.',
  },
  {
    trap: 'netem keeps 1,000 packets; 400 Mbit/s over 40 ms has 1,333 on the way: silent loss.',
    answer:
      'Inline never drops, the switch counts what it drops, and netem gets a queue of 100,000 packets.',
  },
  {
    trap: 'Gbit/s and GByte/s, ping and one-way delay, sent and sent plus received are mixed up.',
    answer:
      'Rates are in bit/s of one direction on the wire, RTT is there and back, bytes are those that a party sent.',
  },
  {
    trap: 'Tests and simulators inside one process never pass the network that was set up.',
    answer:
      'Parties are processes; a run on which nothing was imposed is found out by its certificate, which then says "not met".',
  },
  {
    trap: 'A TCP connection that rested starts slowly again, and rounds over a WAN take longer.',
    answer:
      'The TCP mode is part of the spec: warm, with slow start modelled, or real; congestion control and buffers are in the certificate.',
  },
  {
    trap: 'A result is kept without what the network really did.',
    answer:
      'Round trip, rate, both ways at once, all to all, late frames and what else the machine did are stored with every run, signed.',
  },
];

/** Ways for a role's own bytes: a port on this host's loopback, and behind it whatever leads to the peer. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const loopback = '127.0.0.1';

/** Joins two streams until either is over. Bytes that are under way when one ends are delivered first. */
export function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    // `end` comes by the pipe; a close without it is a break.
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
    });
    from.pipe(to);
  }
}

/** The port of a role that listens on this host. */
export function dialLocal(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: loopback, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

export interface Way {
  /** Where a role of this host finds its peer. */
  readonly port: number;
  close(): void;
}

/** A loopback port; each connection to it is joined with a new one of `open`. */
export async function openWay(open: () => Promise<Duplex>): Promise<Way> {
  const sockets = new Set<Duplex>();
  const joined = async (socket: Duplex): Promise<void> => {
    try {
      const far = await open();
      sockets.add(far);
      far.once('close', () => sockets.delete(far));
      if (socket.destroyed) far.destroy();
      else join(socket, far);
    } catch {
      // The role sees that nobody is there, and says so by its own words.
      socket.destroy();
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // What the role says meanwhile waits in its socket.
    void joined(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, loopback, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

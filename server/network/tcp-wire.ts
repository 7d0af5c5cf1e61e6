/**
 * TcpWire: the two connections of one pair, as the channel's pipe of bytes. `outgoing` was accepted
 * from the peer (it only reads there), `incoming` was dialled (we only read there).
 *
 * Header and parts go out as one `writev` without copying. A full socket makes Node's own queue grow;
 * nothing is dropped and nothing blocks.
 */
import type { Socket } from 'node:net';
import type { Wire } from './network-channel.ts';

/**
 * The peer's two connections end independently. When the outgoing one breaks, the incoming one gets
 * this long to say whether the peer has finished (goodbye) or is gone.
 */
const graceMs = 250;

export class TcpWire implements Wire {
  readonly #outgoing: Socket;
  readonly #incoming: Socket;
  #closing: Promise<void> | undefined;

  /** `onBroken` is told when the peer no longer reads, unless this end closes first. */
  constructor(sockets: { outgoing: Socket; incoming: Socket }, onBroken: (why: string) => void) {
    this.#outgoing = sockets.outgoing;
    this.#incoming = sockets.incoming;
    let why = 'it no longer reads what we send';
    this.#outgoing.on('error', (error) => (why = error.message));
    const broken = (): void => {
      if (this.#closing === undefined) setTimeout(() => onBroken(why), graceMs);
    };
    if (this.#outgoing.destroyed) broken();
    else this.#outgoing.on('close', broken);
  }

  write(chunks: readonly Uint8Array[]): void {
    const socket = this.#outgoing;
    if (!socket.writable) return;
    socket.cork();
    for (const chunk of chunks) if (chunk.length > 0) socket.write(chunk);
    socket.uncork();
  }

  async close(flushMs: number): Promise<void> {
    this.#closing ??= this.#shut(flushMs);
    await this.#closing;
  }

  async #shut(flushMs: number): Promise<void> {
    const socket = this.#outgoing;
    if (flushMs > 0 && socket.writable) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, flushMs);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        socket.once('close', done);
        // Called when all is with the kernel, which delivers it even if this process ends now.
        socket.end(done);
      });
    }
    socket.destroy();
    this.#incoming.destroy();
  }
}

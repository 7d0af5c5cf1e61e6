/**
 * Connections between hosts: TLS 1.3, both ends prove that they hold the key of their pin. No authority, no
 * names: whoever has another key than the one that is expected is hung up on before a byte is read.
 */
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { EngineError } from '../../engine/errors.ts';
import { pinOf, type Identity } from './identity.ts';

export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

const connectTimeoutMs = 10_000;
/** A host that is cut off while nobody speaks is noticed by the kernel. */
const keepAliveMs = 10_000;

export const addressText = ({ host, port }: HostAddress): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The pin of the other end; empty where it showed no certificate. */
function pinAt(socket: TLSSocket): string {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined
    ? ''
    : pinOf(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

const options = ({ key, certificate }: Identity) =>
  ({
    key,
    cert: certificate,
    minVersion: 'TLSv1.3',
    // Not by an authority: by the pin, at once after the handshake.
    rejectUnauthorized: false,
  }) as const;

/** @throws EngineError 'channel' naming the host, where it is not there or is somebody else */
export function dialHost(
  address: HostAddress,
  pin: string,
  identity: Identity,
): Promise<TLSSocket> {
  const name = `host ${addressText(address)}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options(identity), ...address });
    const fail = (why: string): void => {
      socket.destroy();
      reject(new EngineError('channel', `${name} ${why}`));
    };
    const timer = setTimeout(() => fail('does not answer'), connectTimeoutMs);
    socket.once('error', (error) => fail(`cannot be reached: ${error.message}`));
    socket.once('close', () => clearTimeout(timer));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      if (pinAt(socket) !== pin) {
        fail(`has another key than its pin ${pin.slice(0, 12)}... says`);
        return;
      }
      socket.removeAllListeners('error');
      socket.on('error', () => {});
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs);
      resolve(socket);
    });
  });
}

export interface HostListener extends HostAddress {
  close(): Promise<void>;
}

/**
 * Listens for hosts.
 * @param isKnown whether a pin may speak at all; asked once per connection
 * @param onSocket a connection of a known host, with its pin
 */
export async function listenForHosts(
  { host, port }: HostAddress,
  identity: Identity,
  isKnown: (pin: string) => boolean,
  onSocket: (socket: TLSSocket, pin: string) => void,
): Promise<HostListener> {
  const open = new Set<TLSSocket>();
  const server = createServer({ ...options(identity), requestCert: true }, (socket) => {
    socket.on('error', () => {});
    const pin = pinAt(socket);
    if (pin === '' || !isKnown(pin)) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    onSocket(socket, pin);
  });
  // A caller that breaks off, or speaks something else, is no event of ours.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

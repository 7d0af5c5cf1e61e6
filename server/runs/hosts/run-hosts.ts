/** The hosts of one run: their roles, and the ways between them and the owner, who stays at the worker. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Peer } from '../../engine/channel.ts';
import type { NetFacts } from '../../network/backend.ts';
import type { Ports } from '../messages.ts';
import type { RoleEvents } from '../role-process.ts';
import type { MeasuredRole } from '../roles.ts';
import type { Identity } from './identity.ts';
import type { PartyHostAddress } from './placement.ts';
import { RemoteRole } from './remote-role.ts';
import { addressText, dialHost } from './secure-socket.ts';
import { writeHead } from './talk.ts';
import { dialLocal, join, openWay, type Way } from './ways.ts';

export class RunHosts {
  readonly #places: ReadonlyMap<MeasuredRole, PartyHostAddress>;
  readonly #identity: Identity;
  /** Only the hosts of this run know it. */
  readonly #token = randomBytes(32).toString('hex');
  readonly #roles: RemoteRole[] = [];
  readonly #ways: Way[] = [];
  readonly #sockets = new Set<Duplex>();
  #ownerPort = 0;

  constructor(places: ReadonlyMap<MeasuredRole, PartyHostAddress>, identity: Identity) {
    this.#places = places;
    this.#identity = identity;
  }

  /** Which role is where, for the certificate. */
  get facts(): NetFacts {
    const entries = [...this.#places].map(([role, at]) => [
      `host of ${typeof role === 'number' ? `party ${role}` : role}`,
      `${addressText(at)} ${at.pin.slice(0, 16)}`,
    ]);
    return Object.fromEntries(entries) as NetFacts;
  }

  /** How far the clocks of hosts may be from ours, ms: times across hosts are as good as that. */
  get clockFacts(): NetFacts {
    const worst = Math.max(...this.#roles.map(({ clockWithinMs }) => clockWithinMs));
    return Number.isFinite(worst) ? { 'clocks within ms': Number(worst.toFixed(3)) } : {};
  }

  start(role: MeasuredRole, folder: string, events: RoleEvents): RemoteRole {
    const at = this.#placeOf(role);
    const remote = new RemoteRole({
      role,
      at,
      token: this.#token,
      friends: [...this.#places.values()].map(({ pin }) => pin).filter((pin) => pin !== at.pin),
      identity: this.#identity,
      folder,
      events,
      routeTo: (peer) =>
        peer === 'owner' ? { kind: 'worker' } : { kind: 'host', ...this.#placeOf(roleOf(peer)) },
      onWay: (way, host) => void this.#answer(way, host),
    });
    this.#roles.push(remote);
    return remote;
  }

  /** Where a role of this host finds its peers, once everybody listens. */
  async portsFor(self: Peer, ports: Ports): Promise<Ports> {
    if (self !== 'owner') return ports;
    this.#ownerPort = ports['owner'] ?? 0;
    const own: Record<string, number> = { owner: this.#ownerPort };
    for (const [role, at] of this.#places) {
      const way = await openWay(async () => {
        const socket = await dialHost(at, at.pin, this.#identity);
        writeHead(socket, { kind: 'tunnel', token: this.#token, to: role });
        return socket;
      });
      this.#ways.push(way);
      own[role] = way.port;
    }
    return own;
  }

  /** After the run: a host that was cut off would hold its half of a connection for long. */
  close(): void {
    for (const way of this.#ways) way.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #placeOf(role: MeasuredRole): PartyHostAddress {
    const at = this.#places.get(role);
    if (at === undefined) throw new Error(`${role} was placed nowhere`);
    return at;
  }

  /** A role there wants to reach the owner: a connection is made to its host and joined with the owner's. */
  async #answer(way: number, at: PartyHostAddress): Promise<void> {
    try {
      const [far, local] = await Promise.all([
        dialHost(at, at.pin, this.#identity),
        dialLocal(this.#ownerPort),
      ]);
      for (const socket of [far, local]) this.#sockets.add(socket);
      writeHead(far, { kind: 'answer', token: this.#token, way });
      join(far, local);
    } catch (error) {
      // The role there waits in vain and says so; the reason stands here.
      console.error(`a way from ${addressText(at)} to the owner:`, error);
    }
  }
}

const roleOf = (peer: string): MeasuredRole =>
  peer === 'dealer' ? 'dealer' : (Number(peer) as 0 | 1 | 2);

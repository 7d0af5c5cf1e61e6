/**
 * What every protocol that talks has in common: a place in the model outline, branches, and the
 * booking of each operation in the trace.
 */
import type { AShare, BShare, InteractiveOp, Protocol } from '../protocol.ts';
import { elementCount, type Shape } from '../ring/tensor.ts';
import { Talk, type Branch, type Session } from '../session.ts';
import { differences } from '../circuits/compare.ts';
import { LocalOperations } from './local.ts';
import type { Origin } from './shares.ts';

/** Where the next operation happens. */
export interface Place {
  readonly branch: Branch;
  readonly path: string;
  /** Set inside a composed operation, so that its steps are booked under its name. */
  readonly bookedAs: InteractiveOp | null;
}

export abstract class InteractiveProtocol extends LocalOperations {
  protected readonly session: Session;
  protected readonly place: Place;

  constructor(session: Session, place: Place, origin: Origin) {
    super(session.kernels, session.ring, origin);
    this.session = session;
    this.place = place;
  }

  abstract mul(x: AShare, y: AShare): Promise<AShare>;
  abstract square(x: AShare): Promise<AShare>;
  abstract matmul(x: AShare, y: AShare): Promise<AShare>;
  abstract truncate(x: AShare, bits: number): Promise<AShare>;
  abstract msb(x: AShare): Promise<BShare>;

  async mulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    return this.truncate(await (x === y ? this.square(x) : this.mul(x, y)), bits);
  }

  async squareTimes(x: AShare, times: number, bits: number): Promise<AShare> {
    let power = x;
    for (let step = 0; step < times; step++) power = await this.mulTruncate(power, power, bits);
    return power;
  }

  async matmulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    return this.truncate(await this.matmul(x, y), bits);
  }

  below(x: AShare, thresholds: readonly number[]): Promise<BShare> {
    return this.msb(differences(this, x, thresholds));
  }

  get oneHot(): Protocol['oneHot'] {
    return null;
  }

  get exponential(): Protocol['exponential'] {
    return null;
  }

  get pieces(): Protocol['pieces'] {
    return null;
  }

  /** The same protocol and session at another place. */
  protected abstract moved(place: Place): Protocol;

  at(name: string): Protocol {
    const { path } = this.place;
    return this.moved({ ...this.place, path: path === '' ? name : `${path}.${name}` });
  }

  async together<const T extends readonly ((mpc: Protocol) => Promise<unknown>)[]>(
    pieces: T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
    const results = await this.session.fork(
      this.place.branch,
      pieces.map((piece) => (branch: Branch) => piece(this.moved({ ...this.place, branch }))),
    );
    return results as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
  }

  /**
   * Runs one operation and books it: what was computed since the last one goes to `local`, what
   * happens inside goes to `op`. `mpc` is this protocol with its steps booked under `op`.
   */
  protected async step<T>(
    op: InteractiveOp,
    shape: Shape,
    body: (talk: Talk, mpc: Protocol) => Promise<T>,
  ): Promise<T> {
    const { branch, path, bookedAs } = this.place;
    const { ledger } = this.session;
    if (bookedAs !== null) {
      return body(new Talk(this.session, branch, path, bookedAs), this as unknown as Protocol);
    }
    ledger.charge(path, 'local', 'computeMs');
    ledger.call(path, op, elementCount(shape));
    this.session.onPlace?.(path);
    const inside = this.moved({ ...this.place, bookedAs: op });
    const result = await body(new Talk(this.session, branch, path, op), inside);
    ledger.charge(path, op, 'computeMs');
    return result;
  }
}

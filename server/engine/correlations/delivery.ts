/**
 * Delivery: how corrections travel from the dealer to party 0, one inference at a time.
 *
 * Party 0 asks for an inference's worth with one frame; the dealer answers with frames of records
 * and ends with one that holds none. Every frame of records is acknowledged, and the dealer keeps no
 * more than a window of them under way, so that neither side's memory grows with the model.
 * Which acknowledgement the dealer waits for where follows from the sizes alone, so that a recording of
 * it can be replayed on any network.
 */
import type { Channel, PartyId } from '../channel.ts';
import { EngineError } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { packMessages, unpackMessages, type Message } from '../message.ts';
import type { CorrectionStore } from './store.ts';

const frameBytes = 2 ** 20;
/** Enough to fill 1 Gbit/s at 100 ms. */
const windowFrames = 16;

const nothing = new Uint8Array(0);

/** Party 0's side. */
export async function receiveCorrections(
  channel: Channel,
  store: CorrectionStore,
  ledger: Ledger,
  signal: AbortSignal | undefined,
): Promise<void> {
  channel.send('dealer', [nothing]);
  for (;;) {
    ledger.charge('', 'corrections', 'computeMs');
    ledger.timeline.idle();
    const frame = await channel.receive('dealer');
    ledger.charge('', 'corrections', 'waitMs');
    if (signal?.aborted === true) throw new EngineError('aborted', 'the run was cancelled');
    const records = unpackMessages(frame);
    if (records.length === 0) return;
    for (const { route, depth, payload } of records) store.put(route, payload, depth);
    channel.send('dealer', [nothing]);
  }
}

/**
 * Ends the offline phase of both parties at once: party 1, which is sent nothing, would else book its
 * wait for party 0 as online time.
 */
export async function startTogether(
  channel: Channel,
  party: PartyId,
  ledger: Ledger,
): Promise<void> {
  if (party === 0) {
    channel.send(1, [nothing]);
    return;
  }
  ledger.charge('', 'corrections', 'computeMs');
  ledger.timeline.idle();
  await channel.receive(0);
  ledger.charge('', 'corrections', 'waitMs');
}

/** The dealer's side: collects records into frames. */
export class CorrectionSender {
  readonly #channel: Channel;
  readonly #ledger: Ledger;
  #records: Message[] = [];
  #bytes = 0;
  #underWay = 0;

  /** Waiting for acknowledgements is booked in `ledger`. */
  constructor(channel: Channel, ledger: Ledger) {
    this.#channel = channel;
    this.#ledger = ledger;
  }

  /** Resolves when party 0 asks for the next inference. */
  async awaitRequest(): Promise<void> {
    await this.#channel.receive(0);
  }

  /** `tag` travels where messages carry their depth; the offline phase has no rounds. */
  add(route: number, payload: Uint8Array, tag: number): void {
    this.#records.push({ route, depth: tag, payload });
    this.#bytes += payload.length;
  }

  /** To be awaited between operations: sends what is due and waits while the window is full. */
  async flow(): Promise<void> {
    if (this.#bytes >= frameBytes) this.#flush();
    while (this.#underWay >= windowFrames) await this.#acknowledged();
  }

  /** Sends the rest and the mark of the end. */
  async end(): Promise<void> {
    this.#flush();
    while (this.#underWay > 0) await this.#acknowledged();
    this.#channel.send(0, packMessages([]));
  }

  #flush(): void {
    if (this.#records.length === 0) return;
    this.#channel.send(0, packMessages(this.#records));
    this.#records = [];
    this.#bytes = 0;
    this.#underWay += 1;
  }

  async #acknowledged(): Promise<void> {
    this.#ledger.charge('', 'corrections', 'computeMs');
    this.#ledger.timeline.idle();
    await this.#channel.receive(0);
    this.#ledger.charge('', 'corrections', 'waitMs');
    this.#underWay -= 1;
  }
}

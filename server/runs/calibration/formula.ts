/**
 * From work and rates to milliseconds on a network, by the arithmetic of the link model: what parties
 * compute, what the fullest link has to serialise, and what every round waits for. The three are
 * added: within a round nothing can be sent before it is computed or read before it is there.
 */
import { availableParallelism } from 'node:os';
import type { NetworkSpec } from '../../api/schemas/network-spec.ts';
import type { LinkEnd, LinkChoice } from '../../network/link.ts';
import { serialisationMs } from '../../network/link-clock.ts';
import { linkChoiceOfSpec } from '../link-of-spec.ts';
import { computeMsOf, type VariantRates } from './rates.ts';
import type { Work } from './work.ts';

/** From a frame's arrival to the next one's departure, beside computing: sockets and wake-up. */
const wakeMs = 0.08;

export interface FormulaLatency {
  /** Online: what the machine does, which earlier runs correct. */
  readonly localMs: number;
  /** Online: what the asked link takes, which is not for the machine to change. */
  readonly linkMs: number;
  readonly offlineMs: number;
}

interface Load {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly bytes: number;
}

const endOf = (text: string): LinkEnd => (text === 'dealer' ? 'dealer' : (Number(text) as LinkEnd));

function loadsOf(links: Work['links']): Load[] {
  return [...links].map(([name, bytes]) => {
    const [from = '0', to = '0'] = name.split('>');
    return { from: endOf(from), to: endOf(to), bytes };
  });
}

const linkFor = (choice: LinkChoice, { from, to }: Load) =>
  typeof choice === 'function' ? choice(from, to) : choice;

/** Time in which whatever is loaded most has sent it all. */
function wireMs(loads: readonly Load[], choice: LinkChoice, topology: NetworkSpec['topology']) {
  const queues = new Map<string, number>();
  for (const load of loads) {
    const link = linkFor(choice, load);
    if (link === undefined) continue;
    const queue =
      topology === 'pair'
        ? `${load.from}>${load.to}`
        : topology === 'nic'
          ? String(load.from)
          : 'all';
    queues.set(queue, (queues.get(queue) ?? 0) + serialisationMs(link, load.bytes));
  }
  return Math.max(0, ...queues.values());
}

const oneWayMs = (loads: readonly Load[], choice: LinkChoice): number =>
  Math.max(0, ...loads.map((load) => (linkFor(choice, load)?.rttMs ?? 0) / 2));

/** One batch. @param cores that the roles share; default: this machine's */
export function formulaLatency(
  work: Work,
  rates: VariantRates,
  network: NetworkSpec,
  cores = availableParallelism(),
): FormulaLatency {
  const choice = linkChoiceOfSpec(network);
  const loads = loadsOf(work.links);
  const crowd = Math.max(1, work.parties / cores);
  const localMs = computeMsOf(work, rates) * crowd + work.rounds * wakeMs;
  const linkMs = wireMs(loads, choice, network.topology) + work.rounds * oneWayMs(loads, choice);
  if (work.dealerBytes === 0) return { localMs, linkMs, offlineMs: 0 };
  const dealt: Load = { from: 'dealer', to: 0, bytes: work.dealerBytes };
  return {
    localMs,
    linkMs,
    offlineMs:
      work.dealerBytes * rates.perDealerByte +
      wireMs([dealt], choice, network.topology) +
      oneWayMs([dealt], choice),
  };
}

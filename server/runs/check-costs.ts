/**
 * What was sent in a run, held against what its plan declares: payload bytes of every directed link and
 * rounds, inference by inference. A byte more is something that nobody has announced, a byte less a
 * result of something else; the run's numbers are then not shown.
 */
import { RunError } from './errors.ts';

const peerName = (peer: string): string => (peer === 'dealer' ? 'the dealer' : `party ${peer}`);

export interface SentCosts {
  readonly rounds: number;
  /** By directed link; those of the dealer carry the offline phase. */
  readonly links: Readonly<Partial<Record<string, number>>>;
}

/**
 * @param measured of one full batch
 * @param inference its number, from 0
 * @throws RunError 'revealed' naming the first link whose bytes differ, or the rounds, with both numbers
 */
export function checkCosts(declared: SentCosts, measured: SentCosts, inference: number): void {
  const links = new Set([...Object.keys(declared.links), ...Object.keys(measured.links)]);
  for (const link of [...links].toSorted()) {
    const [said, sent] = [declared.links[link] ?? 0, measured.links[link] ?? 0];
    if (said === sent) continue;
    const [from = '', to = ''] = link.split('>');
    const what = `Inference ${inference}: ${peerName(from)} sent ${peerName(to)} ${sent} bytes where the plan declares ${said}`;
    throw new RunError('revealed', `${what}. A run may send nothing that was not announced.`);
  }
  if (declared.rounds !== measured.rounds) {
    throw new RunError(
      'revealed',
      `Inference ${inference} took ${measured.rounds} rounds where the plan declares ${declared.rounds}: another program was run.`,
    );
  }
}

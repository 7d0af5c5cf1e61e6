/** Adds up what a walk on shapes is charged, by place and operation. */
import type { LinkName } from '../protocols/schedule.ts';
import type { CostReport, CostRow } from './report.ts';
import type { ChargeEntry } from './shape-protocol.ts';

export class CostTally {
  readonly #parties: number;
  readonly #rows = new Map<string, CostRow>();
  readonly #links: Partial<Record<LinkName, number>> = {};

  constructor(parties: number) {
    this.#parties = parties;
  }

  add({ path, query, cost }: ChargeEntry): void {
    const key = `${path} ${query.op}`;
    const row = this.#rows.get(key);
    this.#rows.set(key, {
      path,
      op: query.op,
      calls: (row?.calls ?? 0) + 1,
      elements: (row?.elements ?? 0) + query.elements,
      bytesSent: cost.bytesSent.map((bytes, party) => bytes + (row?.bytesSent[party] ?? 0)),
      dealerBytes: (row?.dealerBytes ?? 0) + cost.dealerBytes,
      rounds: (row?.rounds ?? 0) + cost.programRounds,
    });
    for (const [link, bytes] of Object.entries(cost.links)) this.#send(link as LinkName, bytes);
    if (cost.dealerBytes > 0) this.#send('dealer>0', cost.dealerBytes);
  }

  /** Payload bytes by sending party, so far. */
  bytesSent(): number[] {
    return Array.from({ length: this.#parties }, (_, party) =>
      [...this.#rows.values()].reduce((sum, row) => sum + (row.bytesSent[party] ?? 0), 0),
    );
  }

  /** `rounds` as the walk counted them; `dealt` is false where party 0 deals to itself. */
  report(rounds: number, dealt: boolean, setup: CostReport['setup']): CostReport {
    const rows = [...this.#rows.values()].map((row) => (dealt ? row : { ...row, dealerBytes: 0 }));
    const { 'dealer>0': dealerLink, ...online } = this.#links;
    const onlineBytesSent = this.bytesSent();
    return {
      rounds,
      programRounds: rows.reduce((sum, row) => sum + row.rounds, 0),
      onlineBytesSent,
      offlineBytesSent: onlineBytesSent.map(() => 0),
      dealerBytes: dealt ? (dealerLink ?? 0) : 0,
      links: dealt ? this.#links : online,
      rows,
      setup,
    };
  }

  #send(link: LinkName, bytes: number): void {
    this.#links[link] = (this.#links[link] ?? 0) + bytes;
  }
}

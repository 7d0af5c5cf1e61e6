'use client';
/** One card for each role of a live run: where it is, what it has sent, how much memory it holds. */
import { useMemo, type ReactNode } from 'react';
import { formatBytes, formatCount } from '../../../server/api/schemas/format.ts';
import { partySparkline } from '../../_charts/party-sparkline.ts';
import { placeName } from '../../_charts/places.ts';
import { Plot } from '../../_charts/plot.tsx';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import type { LiveDealer, LiveParty } from '../../_lib/live-run.ts';
import classes from './live-view.module.css';

interface PartyCardProps {
  readonly index: number;
  readonly party: LiveParty | undefined;
  readonly predictedBytes: number | undefined;
}

export function PartyCard({ index, party, predictedBytes }: PartyCardProps) {
  return (
    <RoleCard
      of={index}
      title={`Party ${index}`}
      doing={party === undefined ? 'not started' : placeName(party.path)}
      history={party?.history}
      numbers={[
        ['Sent, whole run', formatBytes(party?.bytesSent ?? 0)],
        ['Rounds, this batch', formatCount(party?.rounds ?? 0)],
        ['Memory', formatBytes(party?.rssBytes ?? 0)],
      ]}
    >
      {predictedBytes !== undefined && <>predicted {formatBytes(predictedBytes)} a batch, online</>}
    </RoleCard>
  );
}

interface DealerCardProps {
  readonly dealer: LiveDealer | null;
  readonly predictedBytes: number | undefined;
}

export function DealerCard({ dealer, predictedBytes }: DealerCardProps) {
  return (
    <RoleCard
      of="dealer"
      title="Dealer"
      doing={dealer === null ? 'not started' : 'deals ahead, sees no values'}
      history={dealer?.history}
      numbers={[
        ['Sent, whole run', formatBytes(dealer?.bytesSent ?? 0)],
        ['Memory', formatBytes(dealer?.rssBytes ?? 0)],
      ]}
    >
      {predictedBytes !== undefined && (
        <>predicted {formatBytes(predictedBytes)} a batch, offline</>
      )}
    </RoleCard>
  );
}

interface RoleCardProps {
  readonly of: number | 'dealer';
  readonly title: string;
  readonly doing: string;
  readonly history: LiveParty['history'] | undefined;
  readonly numbers: readonly (readonly [name: string, value: string])[];
  readonly children: ReactNode;
}

function RoleCard({ of, title, doing, history, numbers, children }: RoleCardProps) {
  const theme = useChartTheme();
  const chart = useMemo(
    () => partySparkline(history ?? [], { theme, party: of }),
    [history, theme, of],
  );
  return (
    <section className={classes.party} aria-label={title}>
      <header>
        <h3>
          <span className={classes.swatch} data-party={of} aria-hidden="true" />
          {title}
        </h3>
        <span className={classes.path}>{doing}</span>
      </header>
      <Plot model={chart} still />
      <dl>
        {numbers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.quiet}>{children}</p>
    </section>
  );
}

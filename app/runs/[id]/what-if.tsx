'use client';
/**
 * The run on another network: sliders for round trip and rate, and at once the latency there, replayed
 * in this browser from what the parties recorded. Locked where the replay misses its own measurement.
 */
import { Button, Slider } from '@mantine/core';
import Link from 'next/link';
import { useId, useState } from 'react';
import type { OfflineReplay, ReplayFile } from '../../../server/network/replay/replay-file.ts';
import type { Catalog } from '../../../server/api/schemas/catalog-view.ts';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import {
  durationQuantity,
  formatBitRate,
  formatDuration,
  formatPercent,
  formatRatio,
  formatRoundTrip,
} from '../../../server/api/schemas/format.ts';
import { partWords } from '../../_charts/where-time.ts';
import { NumberField } from '../../_components/number-field.tsx';
import { Panel } from '../../_components/panel.tsx';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Stat, StatRow } from '../../_components/stat.tsx';
import { Notice } from '../../_components/states.tsx';
import type { WhatIfAnswer } from '../../_replay/answer.ts';
import {
  isLocked,
  isOwnPoint,
  mostResidual,
  ownPoint,
  pointRange,
  type Point,
} from '../../_replay/point.ts';
import classes from './what-if.module.css';

interface WhatIfProps {
  readonly run: RunDetail;
  readonly file: ReplayFile;
  readonly point: Point;
  readonly onPoint: (point: Point) => void;
  /** At `point`, or at the one before it while it is computed. */
  readonly where: WhatIfAnswer | null;
  readonly error: string | null;
  readonly networks: Catalog['networks'];
}

export function WhatIf({ run, file, point, onPoint, where, error, networks }: WhatIfProps) {
  return (
    <Panel
      title="What if the network were another"
      note="The same inference, replayed in virtual time from what each role recorded: computing, sending, receiving. A machine of its own for each; the setup is not replayed, as the owner’s links are not emulated."
      aside={<ProvenanceMark of="replayed" />}
    >
      <ResidualLine file={file} />
      {isLocked(file) ? (
        <Locked file={file} />
      ) : (
        <>
          <Presets file={file} networks={networks} onPoint={onPoint} />
          <div className={classes.controls}>
            <Axis
              label="Round trip, ms"
              value={point.rttMs}
              range={pointRange.rttMs}
              format={formatRoundTrip}
              onChange={(rttMs) => onPoint({ ...point, rttMs })}
            />
            <Axis
              label="Rate, Mbit/s"
              value={point.bitsPerSecond / 1e6}
              range={{
                low: pointRange.bitsPerSecond.low / 1e6,
                high: pointRange.bitsPerSecond.high / 1e6,
              }}
              format={(mbit) => formatBitRate(mbit * 1e6)}
              onChange={(mbit) => onPoint({ ...point, bitsPerSecond: mbit * 1e6 })}
            />
          </div>
          {error !== null && <Notice tone="bad">The replay failed: {error}.</Notice>}
          {where !== null && <Result run={run} file={file} point={point} where={where} />}
          {file.matrix !== null && (
            <p className={classes.quiet}>
              The run had links that differ; here all links are alike.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}

/** How well the replay tells what was measured: the only reason to believe it elsewhere. */
function ResidualLine({ file: { residual } }: { file: ReplayFile }) {
  const { share, n, measuredMs, replayedMs, cores } = residual;
  const off = `${share >= 0 ? '+' : '−'}${formatPercent(Math.abs(share))}`;
  const where = cores === null ? 'a core for each party' : `${cores} cores for all parties`;
  return (
    <p className={classes.quiet}>
      Check at the run’s own network: replayed {formatDuration(replayedMs)} ({where}), measured{' '}
      {formatDuration(measuredMs)}, medians, n = {n}: <strong>{off}</strong>.
    </p>
  );
}

function Locked({ file: { residual } }: { file: ReplayFile }) {
  const slower = residual.share < 0;
  return (
    <Notice>
      Locked: the replay misses its own measurement by {formatPercent(Math.abs(residual.share))},
      and more than {formatPercent(mostResidual, 0)} is not to be trusted on other networks.{' '}
      {slower
        ? 'The run took longer than its computing and its link explain: most likely others used this machine at the same time. Run it again on a quiet machine.'
        : 'The run was faster than its recorded CPU time and its link allow: look at its link check, and run it again.'}
    </Notice>
  );
}

const mostPresets = 6;

/** Networks of papers, each once: several have used the same. */
function Presets({ file, networks, onPoint }: Pick<WhatIfProps, 'file' | 'networks' | 'onPoint'>) {
  const { rttMs, bitsPerSecond } = pointRange;
  const shown = networks.filter(
    (network, index) =>
      network.backend !== 'none' &&
      network.matrix === undefined &&
      network.rttMs >= rttMs.low &&
      network.bitsPerSecond <= bitsPerSecond.high &&
      networks.findIndex(
        (other) => other.rttMs === network.rttMs && other.bitsPerSecond === network.bitsPerSecond,
      ) === index,
  );
  return (
    <ul className={classes.presets} aria-label="Networks to try">
      <li>
        <Button size="compact-xs" variant="default" onClick={() => onPoint(ownPoint(file))}>
          This run’s own
        </Button>
      </li>
      {shown.slice(0, mostPresets).map((network) => (
        <li key={network.id}>
          <Button
            size="compact-xs"
            variant="default"
            title={network.title}
            onClick={() => onPoint({ rttMs: network.rttMs, bitsPerSecond: network.bitsPerSecond })}
          >
            {formatBitRate(network.bitsPerSecond)}, {formatRoundTrip(network.rttMs)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface AxisProps {
  readonly label: string;
  readonly value: number;
  readonly range: { readonly low: number; readonly high: number };
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** A logarithmic slider, and the number itself. */
function Axis({ label, value, range, format, onChange }: AxisProps) {
  const id = useId();
  /** What stands in the field and is no value of the axis; null where it is one. */
  const [typed, setTyped] = useState<number | string | null>(null);
  // In hundredths of a decade: a slider that is handed a value between its steps moves it by itself.
  const positionOf = (number: number): number => Math.round(100 * Math.log10(number));
  const numberAt = (position: number): number =>
    Math.min(range.high, Math.max(range.low, Number((10 ** (position / 100)).toPrecision(3))));
  const position = positionOf(value);
  return (
    <div className={classes.axis}>
      <label htmlFor={id}>{label}</label>
      <Slider
        min={positionOf(range.low)}
        max={positionOf(range.high)}
        value={position}
        onChange={(moved) => {
          if (moved === position) return;
          setTyped(null);
          onChange(numberAt(moved));
        }}
        label={(at) => format(at === position ? value : numberAt(at))}
        thumbLabel={label}
        size="sm"
      />
      <NumberField
        id={id}
        size="xs"
        value={typed ?? Number(value.toPrecision(6))}
        error={typed !== null && `${range.low} to ${range.high}`}
        onChange={(entry) => {
          const usable = typeof entry === 'number' && entry >= range.low && entry <= range.high;
          setTyped(usable ? null : entry);
          if (usable) onChange(entry);
        }}
      />
    </div>
  );
}

function Result({
  run,
  file,
  point,
  where,
}: Pick<WhatIfProps, 'run' | 'file' | 'point'> & { readonly where: WhatIfAnswer }) {
  const { latencyMs, criticalMs, offlineMs } = where;
  const part = (ms: number): string => formatPercent(latencyMs === 0 ? 0 : ms / latencyMs);
  const own = isOwnPoint(file, point);
  const query = new URLSearchParams({
    fork: run.id,
    network: 'custom',
    rate: String(point.bitsPerSecond),
    rtt: String(point.rttMs),
  });
  const links = `${formatBitRate(point.bitsPerSecond)}, ${formatRoundTrip(point.rttMs)}`;
  const unsure = Math.abs(file.residual.share) * latencyMs;
  return (
    <>
      <output className="visually-hidden">
        {links}: {formatDuration(latencyMs)}, replayed
      </output>
      <StatRow label="Replayed latency and its parts">
        <Stat
          label={`Online, ${links}`}
          quantity={durationQuantity(latencyMs)}
          note={`± ${formatDuration(unsure)} by the check above; n = 1, replayed`}
          exact={`${latencyMs} ms`}
        />
        {(['compute', 'serialisation', 'propagation'] as const).map((name) => (
          <Stat
            key={name}
            label={`${partWords[name]}, critical path`}
            quantity={durationQuantity(criticalMs[name])}
            note={part(criticalMs[name])}
            exact={`${criticalMs[name]} ms`}
          />
        ))}
        <Stat
          label="Against measured"
          quantity={{ value: formatRatio(latencyMs / file.measuredMs), unit: '' }}
          note={`measured ${formatDuration(file.measuredMs)} on the run’s own network`}
        />
        {offlineMs !== null && file.offline !== undefined && (
          <Offline phase={file.offline} ms={offlineMs} />
        )}
      </StatRow>
      <div className={classes.foot}>
        <Button component={Link} href={`/new?${query.toString()}`} variant="default" size="sm">
          Measure this point
        </Button>
        <span className={classes.quiet}>
          {own
            ? 'This is the network that the run was measured on.'
            : 'Opens the form with this run’s settings and this network.'}
        </span>
      </div>
    </>
  );
}

/** The dealer's work and way on the same links, before the input is known. */
function Offline({ phase, ms }: { readonly phase: OfflineReplay; readonly ms: number }) {
  const { share } = phase.residual;
  const note = isLocked(phase)
    ? `measured ${formatDuration(phase.measuredMs)} on the run’s own network; its replay is ${formatPercent(Math.abs(share))} off there, too much for others`
    : `± ${formatDuration(Math.abs(share) * ms)}, n = 1; measured ${formatDuration(phase.measuredMs)} on the run’s own network`;
  return (
    <Stat
      label="Offline, the dealer, same links"
      quantity={isLocked(phase) ? { value: '–', unit: '' } : durationQuantity(ms)}
      note={note}
      exact={`${ms} ms`}
    />
  );
}

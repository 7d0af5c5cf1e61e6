'use client';
/** What is replayed in this browser from a run's recording: the what-if, and where the time goes. */
import { useDeferredValue, useMemo, useState } from 'react';
import type { ReplayFile } from '../../../server/network/replay/replay-file.ts';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import {
  formatBitRate,
  formatLink,
  formatPercent,
  formatRoundTrip,
} from '../../../server/api/schemas/format.ts';
import { Failure } from '../../_components/states.tsx';
import { useCatalog } from '../../_lib/api.ts';
import type { WhatIfQuestion } from '../../_replay/answer.ts';
import { isLocked, isOwnPoint, ownPoint, type Point } from '../../_replay/point.ts';
import { useReplayed } from '../../_replay/use-replay.ts';
import { WhereTimePanel } from '../../_run/where-time.tsx';
import { WhatIf } from './what-if.tsx';

export function ReplayPanels({ run, file }: { run: RunDetail; file: ReplayFile }) {
  const catalog = useCatalog();
  /** Null until somebody moves it: then the run's own network, whatever it is. */
  const [point, setPoint] = useState<Point | null>(null);
  const files = useMemo(() => ({ [run.id]: file }), [run.id, file]);
  const asked = point === null || isOwnPoint(file, point) || isLocked(file) ? null : point;
  const question: WhatIfQuestion = { kind: 'whatIf', run: run.id, point: asked };
  const { answer, question: answered, error } = useReplayed<WhatIfQuestion>(files, question);
  // The sliders and the number come first, the picture when there is time.
  const drawn = useDeferredValue(answer);
  const shown = useDeferredValue(answered)?.point ?? null;
  const off = isLocked(file)
    ? `; replayed, and ${formatPercent(Math.abs(file.residual.share))} off what was measured there`
    : '';
  const network =
    shown === null
      ? `the run’s own network: ${formatLink(run.spec.network)}${off}`
      : `${formatBitRate(shown.bitsPerSecond)}, ${formatRoundTrip(shown.rttMs)}`;
  return (
    <>
      <WhatIf
        run={run}
        file={file}
        point={point ?? ownPoint(file)}
        onPoint={setPoint}
        where={answer}
        error={error}
        networks={catalog.data?.networks ?? []}
      />
      {drawn !== null && <WhereTimePanel where={drawn} network={network} />}
      {answer === null && error !== null && (
        <Failure title="The recording cannot be replayed" reason={error} />
      )}
    </>
  );
}

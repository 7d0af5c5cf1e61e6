/**
 * One recorded inference on another network, in numbers, and layer by layer on its own. Pure and
 * browser-safe: pages ask it in a worker, the command line directly.
 */
import type { Link } from '../link.ts';
import { readRecording } from './codec.ts';
import { computing, receiving, sending, type Recording } from './recording.ts';
import { ownLinkOf, type ReplayFile } from './replay-file.ts';
import { replay } from './replay.ts';
import { mostResidual } from './residual.ts';

/** A network to ask for; what is null stays the run's own. */
export interface AskedPoint {
  readonly rttMs: number | null;
  readonly bitsPerSecond: number | null;
}

/**
 * All links alike. Real TCP is replayed as a warm connection: its dynamics were the kernel's, and are
 * not in the recording.
 */
export function askedLink(
  { link }: Pick<ReplayFile, 'link'>,
  point: { readonly rttMs: number; readonly bitsPerSecond: Link['bitsPerSecond'] },
): Link {
  return { ...link, ...point, name: 'what-if', tcp: link.tcp === 'cubic' ? 'cubic' : 'warm' };
}

export interface UnpackedReplay {
  readonly file: ReplayFile;
  readonly recording: Recording;
  readonly offline: Recording | null;
}

/** Throws `EngineError` for a recording that is damaged. */
export const unpackReplay = (file: ReplayFile): UnpackedReplay => ({
  file,
  recording: readRecording(file.recording),
  offline: file.offline === undefined ? null : readRecording(file.offline.recording),
});

/** Milliseconds of one full batch. */
export interface WhatIfNumbers {
  readonly rttMs: number;
  readonly bitsPerSecond: Link['bitsPerSecond'];
  readonly samples: number;
  /** Null where the replay misses its own measurement by too much to say anything about other networks. */
  readonly onlineMs: number | null;
  /** Null also where no dealer took part, or it was not recorded. */
  readonly offlineMs: number | null;
  readonly residualShare: number;
}

/** Every role has a machine of its own. Throws `EngineError` as `replay` does. */
export function whatIfNumbers(unpacked: UnpackedReplay, point: AskedPoint): WhatIfNumbers {
  const { file, recording, offline } = unpacked;
  const isOwn = point.rttMs === null && point.bitsPerSecond === null;
  const rttMs = point.rttMs ?? file.link.rttMs;
  const bitsPerSecond = point.bitsPerSecond ?? file.link.bitsPerSecond;
  const { share } = file.residual;
  const head = { rttMs, bitsPerSecond, samples: file.samples, residualShare: share };
  if (!isOwn && !(Math.abs(share) <= mostResidual)) {
    return { ...head, onlineMs: null, offlineMs: null };
  }
  const link = isOwn ? ownLinkOf(file) : askedLink(file, { rttMs, bitsPerSecond });
  const options = { link, cores: Infinity };
  return {
    ...head,
    onlineMs: replay(recording, options).latencyMs,
    offlineMs: offline === null ? null : replay(offline, options).latencyMs,
  };
}

/** What one role did in one layer, which is the first part of a place's path. Milliseconds and bytes. */
export interface LayerLane {
  readonly role: string;
  readonly layer: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly computeMs: number;
  readonly waitMs: number;
  readonly sentBytes: number;
  readonly messages: number;
}

const roleName = (role: number | string): string =>
  typeof role === 'number' ? `Party ${role}` : role === 'dealer' ? 'Dealer' : 'Owner';

/**
 * Every role's layers in the order in which it went through them, at the run's own network and on the
 * cores that it had. A layer that a role comes back to has a second row.
 */
export function layerLanes({ file, recording }: UnpackedReplay): readonly LayerLane[] {
  const cores = file.residual.cores ?? Infinity;
  const { roles } = replay(recording, { link: ownLinkOf(file), cores });
  return roles.flatMap(({ recording: own, beginMs, readyMs, endMs }) => {
    const rows: { -readonly [K in keyof LayerLane]: LayerLane[K] }[] = [];
    for (let event = 0; event < own.kind.length; event += 1) {
      const path = recording.places[own.place[event] ?? 0]?.path ?? '';
      const [begin, ready, end] = [beginMs[event] ?? 0, readyMs[event] ?? 0, endMs[event] ?? 0];
      const layer = path.split('.')[0] ?? '';
      let row = rows.at(-1);
      // What belongs to no layer goes to the one that it happens in.
      if (row === undefined || (layer !== '' && row.layer !== layer)) {
        row = {
          role: roleName(own.role),
          layer,
          fromMs: begin,
          toMs: end,
          computeMs: 0,
          waitMs: 0,
          sentBytes: 0,
          messages: 0,
        };
        rows.push(row);
      }
      row.toMs = Math.max(row.toMs, end);
      const kind = own.kind[event];
      if (kind === computing) row.computeMs += end - begin;
      if (kind === receiving) {
        row.waitMs += ready - begin;
        row.computeMs += end - ready;
      }
      if (kind === sending) {
        row.sentBytes += own.bytes[event] ?? 0;
        row.messages += 1;
      }
    }
    return rows.map((row) => ({ ...row, layer: row.layer === '' ? 'start' : row.layer }));
  });
}

/** Recordings written by hand, for tests of the replay. */
import type { Peer } from '../../server/engine/channel.ts';
import { computing, receiving, sending } from '../../server/network/replay/recording.ts';
import type { Recording } from '../../server/network/replay/recording.ts';

/** Milliseconds of computing, or a frame to or from somebody; all at one place unless said. */
export type Step =
  | { readonly compute: number; readonly at?: string }
  | { readonly send: Peer; readonly bytes: number; readonly at?: string }
  | { readonly receive: Peer; readonly cpuMs?: number; readonly at?: string };

export function recordingFrom(
  roles: readonly {
    readonly role: Peer;
    readonly startMs?: number;
    readonly steps: readonly Step[];
  }[],
  { wakeMs = 0, headerBytes = 0 }: { readonly wakeMs?: number; readonly headerBytes?: number } = {},
): Recording {
  const peers: Peer[] = [0, 1, 2, 'dealer', 'owner'];
  const names = [...new Set(roles.flatMap(({ steps }) => steps.map(({ at = 'x' }) => at)))];
  return {
    peers,
    places: names.map((path) => ({ path, op: 'mul' })),
    headerBytes,
    wakeMs,
    roles: roles.map(({ role, startMs = 0, steps }) => {
      const column = (of: (step: Step) => number): number[] => steps.map((step) => of(step));
      const us = (step: Step): number =>
        1000 * ('compute' in step ? step.compute : 'receive' in step ? (step.cpuMs ?? 0) : 0);
      const peerOf = (step: Step): Peer =>
        'send' in step ? step.send : 'receive' in step ? step.receive : 0;
      return {
        role,
        startMs,
        kind: Uint8Array.from(
          column((step) => ('compute' in step ? computing : 'send' in step ? sending : receiving)),
        ),
        place: Uint16Array.from(column(({ at = 'x' }) => names.indexOf(at))),
        peer: Uint8Array.from(column((step) => peers.indexOf(peerOf(step)))),
        bytes: Uint32Array.from(column((step) => ('send' in step ? step.bytes : 0))),
        cpuUs: Uint32Array.from(column(us)),
        waitUs: new Uint32Array(steps.length),
      };
    }),
  };
}

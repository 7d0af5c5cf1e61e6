/** The network part of a spec as the link that the parties impose on each other. */
import { unlimitedBitsPerSecond, type NetworkSpec } from '../api/schemas/run-spec.ts';
import { defaultOverheadFactor, unlimitedLink, type Link } from '../network/link.ts';

/** The asked link; backend `none` asks for nothing, its probe only measures. */
export const linkOfSpec = ({ name, backend, bitsPerSecond, rttMs }: NetworkSpec): Link =>
  backend === 'none'
    ? unlimitedLink
    : {
        name,
        bitsPerSecond: bitsPerSecond >= unlimitedBitsPerSecond ? 'unlimited' : bitsPerSecond,
        rttMs,
        overheadFactor: defaultOverheadFactor,
        topology: 'pair',
      };

/** A network of the profiles as a spec writes it. */
import { unlimitedBitsPerSecond, type NetworkSpec } from '../api/schemas/network-spec.ts';
import { isUnshaped } from '../network/link.ts';
import { linkProfiles } from '../network/profiles.ts';
import { RunError } from '../runs/errors.ts';

/** @throws RunError 'invalid' for a name that is no profile, or needs the kernel backend */
export function requireProfile(name: string): NetworkSpec {
  const link = linkProfiles.find((profile) => profile.link.name === name)?.link;
  if (link === undefined || link.topology === 'shared') {
    const known = linkProfiles.map((profile) => profile.link.name).join(', ');
    throw new RunError('invalid', `network "${name}" is no profile for inline; use ${known}.`);
  }
  const { bitsPerSecond, rttMs, topology } = link;
  return {
    name,
    backend: isUnshaped(link) ? 'none' : 'inline',
    bitsPerSecond: bitsPerSecond === 'unlimited' ? unlimitedBitsPerSecond : bitsPerSecond,
    rttMs,
    topology,
  };
}

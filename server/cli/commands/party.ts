/** `parley party`: lends this host to the runs of workers that it trusts. No database, no pages. */
import { join } from 'node:path';
import { dataFolder } from '../../db/data-folder.ts';
import { loadIdentity, pinPattern } from '../../runs/hosts/identity.ts';
import { PartyHost } from '../../runs/hosts/party-host.ts';
import { readAddress } from '../../runs/hosts/placement.ts';
import { addressText } from '../../runs/hosts/secure-socket.ts';
import { exitCodes } from '../exit-codes.ts';

export interface PartyOptions {
  readonly listen?: string;
  readonly trust?: readonly string[];
  readonly json?: boolean;
}

/** @throws Error naming the option, the value and the fix */
function pinsOf(trust: readonly string[]): readonly string[] {
  const pins = trust.flatMap((text) => text.split(',')).map((pin) => pin.trim());
  const wrong = pins.find((pin) => !pinPattern.test(pin));
  if (wrong !== undefined) {
    throw new Error(
      `--trust is "${wrong.slice(0, 80)}": give the 64 digits that "parley party" prints on the worker's host.`,
    );
  }
  if (pins.length > 0) return pins;
  throw new Error('--trust is missing: give the pin of each worker that may run parties here.');
}

/** Without --listen prints this host's pin. Else runs until it is ended, and resolves then. */
export async function partyCommand({
  listen,
  trust = [],
  json = false,
}: PartyOptions): Promise<number> {
  const identity = await loadIdentity(dataFolder());
  const { pin } = identity;
  if (listen === undefined) {
    console.log(json ? JSON.stringify({ pin }) : pin);
    return exitCodes.ok;
  }
  const host = new PartyHost({
    listen: readAddress(listen, 0),
    identity,
    trusted: pinsOf(trust),
    folder: join(dataFolder(), 'runs'),
    log: (line) => process.stderr.write(`  ${line}\n`),
  });
  const address = addressText(await host.start());
  console.log(
    json
      ? JSON.stringify({ pin, listening: address })
      : `Lends itself to runs at ${address}. Name it on the worker's host:\n  PARLEY_PARTY_HOSTS=${address}#${pin}`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await host.stop();
  return exitCodes.ok;
}

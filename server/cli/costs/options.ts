/** The options of `parley costs` as they were typed, and what several of its forms read from them. */
import type { SettingRequest } from '../../engine/cost/setting.ts';
import type { CorrelationsId } from '../../engine/plan.ts';
import { variantDescriptions } from '../../engine/protocols/registry.ts';
import { parseChoice, parseWhole, required } from './parse.ts';

export interface CostsOptions {
  readonly spec?: string;
  readonly table?: boolean;
  readonly variant?: string;
  readonly op?: string;
  readonly shape?: string;
  readonly form?: string;
  readonly model?: string;
  readonly length?: string;
  readonly batch?: string;
  readonly gelu?: string;
  readonly softmax?: string;
  readonly norm?: string;
  readonly output?: string;
  readonly ring?: string;
  readonly fractionBits?: string;
  readonly correlations?: string;
  readonly turn?: string;
  readonly json?: boolean;
}

/** @throws EngineError 'plan' or 'range' */
export function settingRequest(options: CostsOptions): SettingRequest {
  const { ring, fractionBits, correlations } = options;
  return {
    variant: required(
      '--variant',
      options.variant,
      variantDescriptions.map(({ id }) => id),
    ),
    bits:
      ring === undefined ? undefined : parseChoice('--ring', ring, ['64', '32']) === '64' ? 64 : 32,
    fractionBits:
      fractionBits === undefined ? undefined : parseWhole('--fraction-bits', fractionBits, 1, 30),
    correlations:
      correlations === undefined
        ? undefined
        : parseChoice<CorrelationsId>('--correlations', correlations, [
            'dealer',
            'insecureFirstParty',
          ]),
  };
}

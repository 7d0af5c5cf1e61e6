/**
 * `parley costs`: what a single operation, or a whole run, sends; nothing leaves this process.
 * Bad input ends with exit code 2 and a sentence that names the option, the value and what is known.
 */
import { Command } from 'commander';
import { EngineError } from '../../engine/errors.ts';
import { RunError } from '../../runs/errors.ts';
import type { CostsOptions } from './options.ts';

const help = `
One operation:   parley costs --variant additive/crypten --op matmul --shape 128x768,768x768 --json
A whole run:     parley costs benchmarks/specs/puma-minilm2-imdb-lan.json --json
A known model:   parley costs --model bert-base --variant replicated/aby3 --length 128 --json
All operations:  parley costs --table

Shapes are whole numbers joined by x, a comma between operands; operands of one shape may be given
once. Functions of rows (max, softmax, layernorm, ...) take the last axis as the row. 1 is a number.

Fields of the JSON, all bytes being payload that is sent:
  rounds              in program order, as the named framework runs it
  roundsOverlapped    with independent work side by side, as a run here does it
  links               bytes by directed link. Links between parties carry the online phase;
                      dealer>0, in variants with a dealer, carries the offline phase
  bytesSentPerParty   online, the largest over the parties (bytesSentByParty has them all)
  bytesSentTotal      online, over all parties, without the dealer
  offlineBytesPerParty  the most that a party sends offline
  dealerBytes         what the dealer sends offline, the same as links["dealer>0"]
  setup               once per session, for sharing weights (masked once: additive/fast)`;

export function costsCommand(): Command {
  return (
    new Command('costs')
      .description('Bytes and rounds, computed from shapes alone; nothing is run.')
      .argument('[file]', 'a spec, or a preset file: the cost of one full batch')
      .option('--spec <file>', 'the same as the argument')
      .option('--variant <variant>', 'protocol variant, e.g. additive/crypten')
      .option('--op <operation>', 'operation, e.g. softmax')
      .option('--shape <shapes>', 'shapes of the operands, e.g. 128x768,768x768')
      .option('--form <form>', "form of the operation; default: what the variant's framework runs")
      .option('--model <model>', 'a published model by its shape, e.g. bert-base')
      .option('--length <n>', 'wordpieces per sample; default 128')
      .option('--batch <n>', 'samples per inference; default 1')
      .option('--gelu <function>', "default: what the variant's paper ran")
      .option('--softmax <function>', "default: what the variant's paper ran")
      .option('--norm <function>', 'of LayerNorm: exact, the default, or linear')
      .option(
        '--output <what>',
        'of language models: logits (the default), argmax or argmax-as-puma',
      )
      .option('--ring <bits>', 'ring Z_2^64 or Z_2^32: 64 (the default) or 32')
      .option('--fraction-bits <n>', "default: what the variant's framework uses")
      .option('--correlations <source>', 'dealer (the default) or insecureFirstParty')
      .option('--turn <n>', 'first value of the public counter by which roles rotate; default 0')
      .option('--table', 'every operation x variant: declared, measured now in memory, published')
      .option('--json', 'print as JSON')
      .addHelpText('after', help)
      // Options that do not exist are bad input like any other.
      .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
      .action(async (file: string | undefined, options: CostsOptions) => {
        process.exitCode = await run(file, options);
      })
  );
}

async function run(file: string | undefined, options: CostsOptions): Promise<number> {
  const json = options.json === true;
  try {
    if (options.table === true) {
      refuse(options, ['spec', ...saidBySpec], 'the table');
      const { printOperationTable } = await import('./table.ts');
      return await printOperationTable(json);
    }
    if (options.spec !== undefined && file !== undefined) refuse(options, ['spec'], 'a file');
    const spec = options.spec ?? file;
    if (spec !== undefined) {
      refuse(options, saidBySpec, 'a spec');
      const { printRunCost } = await import('./whole-run.ts');
      await printRunCost(spec, json);
      return 0;
    }
    if (options.model !== undefined) {
      refuse(options, ofOperations, 'a model');
      const { printModelCost } = await import('./shape-model.ts');
      await printModelCost(options, json);
      return 0;
    }
    refuse(options, ofModels, 'an operation');
    const { operationRequest } = await import('./operation-request.ts');
    const { printOperationCost } = await import('./operation.ts');
    await printOperationCost(operationRequest(options), json);
    return 0;
  } catch (error) {
    if (!isBadInput(error)) throw error;
    console.error(error.message);
    return 2;
  }
}

const ofOperations = ['op', 'shape', 'form', 'turn'] as const;
const ofModels = ['length', 'batch', 'gelu', 'softmax', 'norm', 'output'] as const;
const saidBySpec = [
  ...ofOperations,
  ...ofModels,
  ...(['variant', 'model'] as const),
  ...(['ring', 'fractionBits', 'correlations'] as const),
];

/** Options that mean nothing here are a mistake, not to be passed over. */
function refuse(options: CostsOptions, names: readonly (keyof CostsOptions)[], what: string): void {
  for (const name of names) {
    if (options[name] === undefined) continue;
    const option = name === 'fractionBits' ? 'fraction-bits' : name;
    throw new UsageError(
      `--${option} is ${JSON.stringify(options[name])}: leave it out beside ${what}.`,
    );
  }
}

class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the user can mend; anything else is a defect, or a machine in trouble. */
function isBadInput(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  if (error instanceof EngineError) return ['plan', 'shape', 'range'].includes(error.kind);
  return error instanceof RunError && error.kind === 'invalid';
}

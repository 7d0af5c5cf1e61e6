/**
 * The command line: the same runs, the same queue, the same numbers as the pages.
 * Each command is a file in commands/; this one only names them.
 */
import { Command, InvalidArgumentError } from 'commander';
import { packageVersion } from '../runs/environment.ts';
import { costsCommand } from './costs/command.ts';

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Give a whole number of at least 1.');
};

const program = new Command('parley')
  .description('Private Transformer inference by secure multi-party computation.')
  .version(packageVersion())
  .showHelpAfterError();

program
  .command('run')
  .description('Run a spec file (see benchmarks/specs/) and print its result.')
  .argument('<file>', 'a spec, or a preset file')
  .option('--json', 'print the run and all that it measured as JSON')
  .option('--samples <n>', 'other number of samples than the file says', wholeNumber)
  .option('--strict', 'fail when the network was not what was asked for')
  .option('--wait', 'follow it to its end (the default)', true)
  .option('--no-wait', 'only queue it (an app must be running)')
  .action(
    async (
      file: string,
      options: { json?: boolean; samples?: number; strict?: boolean; wait: boolean },
    ) => {
      const { runCommand } = await import('./commands/run.ts');
      process.exitCode = await runCommand(file, options);
    },
  );

program
  .command('deal')
  .description('Deal the correlations of a run ahead of time; the next such run uses them up.')
  .argument('<file>', 'a spec, or a preset file, of a protocol with a dealer')
  .option('--json', 'print what was dealt as JSON')
  .option('--samples <n>', 'other number of samples than the file says', wholeNumber)
  .action(async (file: string, options: { json?: boolean; samples?: number }) => {
    const { dealCommand } = await import('./commands/deal.ts');
    process.exitCode = await dealCommand(file, options);
  });

program.addCommand(costsCommand());

program
  .command('doctor')
  .description('Check what a run needs on this machine.')
  .action(async () => {
    const { doctorCommand } = await import('./commands/doctor.ts');
    process.exitCode = await doctorCommand();
  });

program
  .command('permalink')
  .description('Publish an ended run and print its address.')
  .argument('<run>', 'id of the run')
  .action(async (run: string) => {
    const { permalinkCommand } = await import('./commands/permalink.ts');
    process.exitCode = await permalinkCommand(run);
  });

const certificate = program
  .command('certificate')
  .description('Link certificates: what the network of a run was, signed.');

certificate
  .command('verify')
  .description('Check the signature of a downloaded certificate, and say what it certifies.')
  .argument('<file>', 'link-certificate.json of a run')
  .option('--key <pem>', "public key of who signed it (default: this installation's own)")
  .option('--traces <folder>', "the run's trace files, to be compared as well")
  .action(async (file: string, options: { key?: string; traces?: string }) => {
    const { verifyCommand } = await import('./commands/certificate.ts');
    process.exitCode = await verifyCommand(file, options);
  });

certificate
  .command('key')
  .description("Print this installation's public key.")
  .action(async () => {
    const { keyCommand } = await import('./commands/certificate.ts');
    process.exitCode = keyCommand();
  });

try {
  await program.parseAsync();
} catch (error) {
  // Sentences are for people; anything else is a defect and shows where it happened.
  const named =
    error instanceof Error && /^(Run|Zoo|Engine|Database|Launch)Error$/.test(error.name);
  console.error(named ? error.message : error);
  process.exitCode = 1;
}

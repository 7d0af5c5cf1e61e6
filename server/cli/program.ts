/**
 * The command line's commands and their options: the same runs, the same queue, the same numbers as the
 * pages. Each command is a file in commands/; this one only names them.
 */
import { Argument, Command } from 'commander';
import { runPriorities, type RunPriority } from '../api/schemas/run-view.ts';
import { packageVersion } from '../runs/environment.ts';
import type { CompareOptions } from './commands/compare.ts';
import type { DemoOptions } from './commands/demo.ts';
import type { ExportOptions } from './commands/export.ts';
import type { ImportOptions } from './commands/import.ts';
import type { PapersRunOptions } from './commands/papers.ts';
import type { RunOptions } from './commands/run.ts';
import type { ShareOptions } from './commands/share.ts';
import { costsCommand } from './costs/command.ts';
import { exitCodeHelp } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { addAccounts } from './program-accounts.ts';
import { addNotebook } from './program-notebook.ts';
import { addUpkeep } from './program-upkeep.ts';
import { addZoo } from './program-zoo.ts';

interface JsonOption {
  readonly json?: boolean;
}

const runOptions = (command: Command): Command =>
  command
    .option('--json', 'print the run and all that it measured as JSON')
    .option('--strict', 'fail when the network was not what was asked for')
    .option('--wait', 'follow it to its end (the default)', true)
    .option('--no-wait', 'only queue it (an app must be running)');

/** A program of its own for each command line. */
export function parleyProgram(): Command {
  const program = new Command('parley')
    .description('Private Transformer inference by secure multi-party computation.')
    .version(packageVersion())
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError();

  runOptions(
    program
      .command('run')
      .description(
        'Run a spec file (see benchmarks/specs/) and print its result; fields that are lists make a sweep.',
      )
      .argument('<file>', 'a spec, or a preset file, or preset:ID')
      .option('--samples <n>', 'other number of samples than the file says', wholeNumber)
      .option('--repeats <n>', 'other number of repeats than the file says', wholeNumber),
  ).action(async (file: string, options: RunOptions) => {
    const { runCommand } = await import('./commands/run.ts');
    process.exitCode = await runCommand(file, options);
  });

  program
    .command('watch')
    .description('Follow a run to its end and print its result; Ctrl-C leaves it alone.')
    .argument('<run>', 'id of the run')
    .option('--json', 'print the run and all that it measured as JSON')
    .option('--strict', 'fail when the network was not what was asked for')
    .action(async (run: string, options: { json?: boolean; strict?: boolean }) => {
      const { watchCommand } = await import('./commands/watch.ts');
      process.exitCode = await watchCommand(run, options);
    });

  program
    .command('compare')
    .description('Runs side by side: Markdown, or any format of the compare page.')
    .argument('[runs...]', 'ids of runs, the first one pinned')
    .option('--query <q>', 'all runs that a query of the results finds')
    .option('--base <run>', 'the pinned run')
    .option('--units <units>', 'as the address of the compare page writes them')
    .option('--format <format>', 'md (the default), json, csv, tex, bib, svg or html')
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write there instead of printing')
    .action(async (runs: string[], options: CompareOptions) => {
      const { compareCommand } = await import('./commands/compare.ts');
      process.exitCode = await compareCommand(runs, options);
    });

  program
    .command('export')
    .description('One run as a file, or every run that a query finds as a table.')
    .argument('[run]', 'id of the run; without one, a table')
    .option('--query <q>', 'which runs the table has (default: all)')
    .option('--columns <ids>', 'columns of the table, with commas between them')
    .option(
      '--format <format>',
      'of a run: json (the default), csv, tex, ...; of a table: csv, ...',
    )
    .option('--units <units>', 'of a table: decimal or binary; of a run as its page writes them')
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write there instead of printing')
    .option('--all <folder>', 'everything published, as files that any web server can serve')
    .action(async (run: string | undefined, options: ExportOptions) => {
      const { exportCommand } = await import('./commands/export.ts');
      process.exitCode = await exportCommand(run, options);
    });

  program
    .command('import')
    .description('Results of other tools become runs of class imported, all rows or none.')
    .argument('[file]', 'CSV by our template, or a profile log of CrypTen or SPU')
    .option('--set <key=column...>', 'which column a key is, or key:=value for all rows')
    .option('--template', 'print a CSV file to fill in')
    .option('--json', 'print the ids as JSON')
    .action(async (file: string | undefined, options: ImportOptions) => {
      const { importCommand } = await import('./commands/import.ts');
      process.exitCode = await importCommand(file, options);
    });

  const share = program
    .command('share')
    .description('Freeze an ended run, or several as a comparison, under an unguessable address.');

  share
    .command('publish', { isDefault: true })
    .description('The default: publish and print the address.')
    .argument('<runs...>', 'ids of runs')
    .option('--base <run>', 'the pinned run of a comparison')
    .option('--days <n>', 'after so many days it ends by itself', wholeNumber)
    .option('--json', 'print the link as JSON')
    .action(async (runs: string[], options: ShareOptions) => {
      const { shareCommand } = await import('./commands/share.ts');
      process.exitCode = await shareCommand(runs, options);
    });

  share
    .command('list')
    .description('Everything that is published now.')
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { shareListCommand } = await import('./commands/share.ts');
      process.exitCode = await shareListCommand(options);
    });

  share
    .command('revoke')
    .description('Take a link back; its address is never given out again.')
    .argument('<link>', 'its address or the last part of it')
    .option('--json', 'print as JSON')
    .action(async (link: string, options: JsonOption) => {
      const { shareRevokeCommand } = await import('./commands/share.ts');
      process.exitCode = await shareRevokeCommand(link, options);
    });

  const queue = program.command('queue').description('What runs and what waits.');

  queue
    .command('list', { isDefault: true })
    .description('The default: running runs, then those that wait.')
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { queueCommand } = await import('./commands/queue.ts');
      process.exitCode = await queueCommand(options);
    });

  queue
    .command('cancel')
    .description('End a run: at once while it waits, within a second while it runs.')
    .argument('<run>', 'id of the run')
    .option('--json', 'print as JSON')
    .action(async (run: string, options: JsonOption) => {
      const { cancelCommand } = await import('./commands/queue.ts');
      process.exitCode = await cancelCommand(run, options);
    });

  queue
    .command('priority')
    .description('Move a run that waits: high before normal before low; users share each level.')
    .argument('<run>', 'id of the run')
    .addArgument(new Argument('<priority>', 'where to').choices(runPriorities))
    .option('--json', 'print as JSON')
    .action(async (run: string, priority: RunPriority, options: JsonOption) => {
      const { priorityCommand } = await import('./commands/queue.ts');
      process.exitCode = await priorityCommand(run, priority, options);
    });

  runOptions(
    queue
      .command('retry')
      .description('Run the spec of an ended run once more.')
      .argument('<run>', 'id of the run'),
  ).action(async (run: string, options: RunOptions) => {
    const { retryCommand } = await import('./commands/queue.ts');
    process.exitCode = await retryCommand(run, options);
  });

  program
    .command('predict')
    .description(
      'How long a batch of a spec will take here, with an 80 % interval; nothing is run. Fields that are lists make a sweep: the price of every run, and of all.',
    )
    .argument('<file>', 'a spec, or a preset file, or preset:ID')
    .option('--json', 'print as JSON')
    .action(async (file: string, options: JsonOption) => {
      const { predictCommand } = await import('./commands/predict.ts');
      process.exitCode = await predictCommand(file, options);
    });

  program
    .command('calibration')
    .description('How often such intervals held, by variant: the numbers of /learn/calibration.')
    .option('--measure', "measure this machine's rates first (a few seconds, nothing else running)")
    .option(
      '--in-order',
      'foretell every stored run from the ones before it, the shipped ones apart',
    )
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption & { measure?: boolean; inOrder?: boolean }) => {
      const { calibrationCommand } = await import('./commands/predict.ts');
      process.exitCode = await calibrationCommand(options);
    });

  const demo = program.command('demo').description('The runs that ship with Parley.');

  demo
    .command('make')
    .description('Run every demo spec on this machine and write the file that ships; resumable.')
    .option('--price-only', 'print what it would take, and stop')
    .option('--only <n>', 'the first n specs only, into a file of their own', wholeNumber)
    .option('-o, --output <file>', 'other file than the one that ships')
    .option('--json', 'print as JSON')
    .action(async (options: DemoOptions) => {
      const { demoMakeCommand } = await import('./commands/demo.ts');
      process.exitCode = await demoMakeCommand(options);
    });

  for (const word of ['hide', 'show'] as const) {
    demo
      .command(word)
      .description(word === 'hide' ? 'Put the shipped runs away.' : 'Bring them back.')
      .option('--json', 'print as JSON')
      .action(async (options: JsonOption) => {
        const { demoHideCommand } = await import('./commands/demo.ts');
        process.exitCode = await demoHideCommand(word === 'hide', options);
      });
  }

  addNotebook(program);
  addUpkeep(program);
  addAccounts(program);

  addZoo(program);

  const papers = program.command('papers').description("The papers' tables, re-run here.");

  papers
    .command('run')
    .description('Make the runs that fill cells; the price comes first, what is there is skipped.')
    .option('--all', 'every cell of every paper')
    .option('--paper <paper>', 'mpcformer, puma or mpcvit')
    .option('--table <table>', 'id of a table')
    .option('--cell <cell>', 'paper.table.row.column')
    .option('--side-by-side', 'the runs of the side-by-side page')
    .option('--fit', 'only what fits into the memory that is free now')
    .option('--under <seconds>', 'only runs that take less, each', wholeNumber)
    .option('--dry-run', 'print what it would take, and stop')
    .option('--again', 'also what is there already')
    .option('--yes', 'do not ask, however long it takes')
    .option('--json', 'print the plan as JSON')
    .action(async (options: PapersRunOptions) => {
      const { papersRunCommand } = await import('./commands/papers.ts');
      process.exitCode = await papersRunCommand(options);
    });

  papers
    .command('report')
    .description('Coverage, verdicts and headline claims of every paper.')
    .option('--markdown', 'as tables for a README')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: boolean; markdown?: boolean }) => {
      const { papersReportCommand } = await import('./commands/papers.ts');
      process.exitCode = await papersReportCommand(options);
    });

  papers
    .command('ship')
    .description('Write the runs behind cells to the file that ships with Parley.')
    .option('-o, --output <file>', 'other file than the one that ships')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: boolean; output?: string }) => {
      const { papersShipCommand } = await import('./commands/papers.ts');
      process.exitCode = await papersShipCommand(options);
    });

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
    .command('train')
    .description('Train a student from a recipe (see benchmarks/training/recipes/).')
    .argument('<recipe>', 'a recipe file')
    .option('--out <folder>', 'for checkpoints and product (default: in the data folder)')
    .option('--resume', 'go on from the last checkpoint there')
    .option('--threads <n>', 'of one operator', wholeNumber, 1)
    .option('--price-only', 'print what it would take, and stop')
    .action(
      async (
        recipe: string,
        options: { out?: string; resume?: boolean; threads: number; priceOnly?: boolean },
      ) => {
        const { trainCommand } = await import('./commands/train.ts');
        process.exitCode = await trainCommand(recipe, options);
      },
    );

  program
    .command('permalink')
    .description('Publish an ended run and print its address (the same as share).')
    .argument('<run>', 'id of the run')
    .option('--json', 'print the link as JSON')
    .action(async (run: string, options: JsonOption) => {
      const { permalinkCommand } = await import('./commands/permalink.ts');
      process.exitCode = await permalinkCommand(run, options);
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
    .option('--json', 'print as JSON')
    .action(async (file: string, options: { key?: string; traces?: string; json?: boolean }) => {
      const { verifyCommand } = await import('./commands/certificate.ts');
      process.exitCode = await verifyCommand(file, options);
    });

  certificate
    .command('key')
    .description("Print this installation's public key.")
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { keyCommand } = await import('./commands/certificate.ts');
      process.exitCode = keyCommand(options);
    });
  return program;
}

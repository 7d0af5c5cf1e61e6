/** Commands that look after an installation: is it well, what does it keep, and for how long. */
import type { Command } from 'commander';
import type { BackupCommandOptions, PruneCommandOptions } from './commands/keep.ts';
import type { PartyOptions } from './commands/party.ts';
import { wholeNumber } from './option-values.ts';

interface JsonOption {
  readonly json?: boolean;
}

export function addUpkeep(program: Command): void {
  program
    .command('doctor')
    .description('Check what a run needs on this machine.')
    .option('--json', 'print the findings as JSON')
    .action(async (options: JsonOption) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      process.exitCode = await doctorCommand(options);
    });

  program
    .command('party')
    .description(
      'Lend this host to runs: their parties are started here when a worker asks that is trusted. Without --listen: print the pin by which others know this host.',
    )
    .option('--listen <address>', 'HOST:PORT for workers and the other hosts of a run')
    .option('--trust <pins...>', 'pins of the workers that may start parties here')
    .option('--json', 'print as JSON')
    .action(async (options: PartyOptions) => {
      const { partyCommand } = await import('./commands/party.ts');
      process.exitCode = await partyCommand(options);
    });

  program
    .command('backup')
    .description(
      'Everything that this installation keeps, in one folder; Parley may go on meanwhile.',
    )
    .argument('<folder>', 'that does not exist yet')
    .option('--without-key', 'leave out the key that signs link certificates')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: BackupCommandOptions) => {
      const { backupCommand } = await import('./commands/keep.ts');
      process.exitCode = await backupCommand(folder, options);
    });

  program
    .command('restore')
    .description('Put a backup into an installation that has nothing yet; all of it, or nothing.')
    .argument('<folder>', 'that "parley backup" wrote')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: JsonOption) => {
      const { restoreCommand } = await import('./commands/keep.ts');
      process.exitCode = await restoreCommand(folder, options);
    });

  program
    .command('prune')
    .description('Let traces and recordings of old runs go; their numbers and certificates stay.')
    .requiredOption(
      '--days <n>',
      'of runs that ended longer ago; starred and published ones keep all',
      wholeNumber,
    )
    .option('--dry-run', 'count only')
    .option('--json', 'print as JSON')
    .action(async (options: PruneCommandOptions) => {
      const { pruneCommand } = await import('./commands/keep.ts');
      process.exitCode = await pruneCommand(options);
    });
}

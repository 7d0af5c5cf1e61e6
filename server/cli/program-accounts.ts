/** Commands about people and their access keys. */
import type { Command } from 'commander';
import type { AddUserOptions, KeyOptions } from './commands/accounts.ts';
import type { QuotaOptions } from './commands/quota.ts';
import { wholeNumber } from './option-values.ts';

interface JsonOption {
  readonly json?: boolean;
}

export function addAccounts(program: Command): void {
  const users = program
    .command('users')
    .description('Who may use this installation (PARLEY_ACCOUNTS=on).');

  users
    .command('add')
    .description('Make an account; the password is asked for, or read from stdin.')
    .argument('<email>', 'what they log in with')
    .option('--name <name>', 'shown to others (default: the part before the @)')
    .option('--role <role>', 'viewer, runner, editor or admin', 'runner')
    .option('--admin', 'the same as --role admin')
    .option('--json', 'print as JSON')
    .action(async (email: string, options: AddUserOptions) => {
      const { addUserCommand } = await import('./commands/accounts.ts');
      process.exitCode = await addUserCommand(email, options);
    });

  users
    .command('list')
    .description('All accounts.')
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { listUsersCommand } = await import('./commands/accounts.ts');
      process.exitCode = await listUsersCommand(options);
    });

  users
    .command('role')
    .description('Give somebody another role.')
    .argument('<user>', 'address or id')
    .argument('<role>', 'viewer, runner, editor or admin')
    .option('--json', 'print as JSON')
    .action(async (user: string, role: string, options: JsonOption) => {
      const { roleCommand } = await import('./commands/accounts.ts');
      process.exitCode = await roleCommand(user, role, options);
    });

  for (const [name, disabled, words] of [
    ['disable', true, 'Let somebody in no longer; what they made stays.'],
    ['enable', false, 'Let somebody in again.'],
  ] as const) {
    users
      .command(name)
      .description(words)
      .argument('<user>', 'address or id')
      .option('--json', 'print as JSON')
      .action(async (user: string, options: JsonOption) => {
        const { disableCommand } = await import('./commands/accounts.ts');
        process.exitCode = await disableCommand(user, disabled, options);
      });
  }

  users
    .command('password')
    .description('Set a new password, asked for or read from stdin; their sessions end.')
    .argument('<user>', 'address or id')
    .option('--json', 'print as JSON')
    .action(async (user: string, options: JsonOption) => {
      const { passwordCommand } = await import('./commands/accounts.ts');
      process.exitCode = await passwordCommand(user, options);
    });

  users
    .command('quota')
    .description(
      'What somebody may use up and has; each option sets one limit, "none" takes it away. CPU and bytes are those of 30 days.',
    )
    .argument('<user>', 'address or id')
    .option('--cpu-seconds <n>', 'of all parties together')
    .option('--sent-bytes <n>', 'by all roles together')
    .option('--concurrent-runs <n>', 'runs and trainings queued or under way at one time')
    .option('--stored-bytes <n>', 'of files that their runs left')
    .option('--json', 'print as JSON')
    .action(async (user: string, options: QuotaOptions) => {
      const { quotaCommand } = await import('./commands/quota.ts');
      process.exitCode = await quotaCommand(user, options);
    });

  const keys = program.command('keys').description('Access keys for programs.');

  keys
    .command('add')
    .description('Make a key and print it, this once.')
    .argument('<user>', 'address or id of its owner')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scopes <list>', 'of read, run, edit, administer, with commas', 'read')
    .option('--days <n>', 'until it ends by itself (default: never)', wholeNumber)
    .option('--json', 'print as JSON')
    .action(async (user: string, options: KeyOptions) => {
      const { addKeyCommand } = await import('./commands/accounts.ts');
      process.exitCode = await addKeyCommand(user, options);
    });

  keys
    .command('list')
    .description("Somebody's keys, without what opens anything.")
    .argument('<user>', 'address or id')
    .option('--json', 'print as JSON')
    .action(async (user: string, options: JsonOption) => {
      const { listKeysCommand } = await import('./commands/accounts.ts');
      process.exitCode = await listKeysCommand(user, options);
    });

  keys
    .command('revoke')
    .description('Take a key back.')
    .argument('<user>', 'address or id of its owner')
    .argument('<key>', 'its id')
    .option('--json', 'print as JSON')
    .action(async (user: string, key: string, options: JsonOption) => {
      const { revokeKeyCommand } = await import('./commands/accounts.ts');
      process.exitCode = await revokeKeyCommand(user, key, options);
    });
}

/** Commands of notebooks. */
import type { Command } from 'commander';
import type { NotebookExportOptions, NotebookRunOptions } from './commands/notebook.ts';

interface JsonOption {
  readonly json?: boolean;
}

export function addNotebook(program: Command): void {
  const notebook = program.command('notebook').description('Notebooks: list, run, import, export.');

  notebook
    .command('list', { isDefault: true })
    .description('The default: all notebooks, and those that came with Parley.')
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { notebookListCommand } = await import('./commands/notebook.ts');
      process.exitCode = await notebookListCommand(options);
    });

  notebook
    .command('run')
    .description(
      'Compute a notebook without a page: queries, papers, charts, assertions. Fails where an assertion is false.',
    )
    .argument('<file>', 'a notebook file (.parley.md), or the id of a notebook')
    .option('--run', 'also run the run cells that have no result, after saying what they cost')
    .option('--javascript', 'also run JavaScript cells, each in a process of its own')
    .option('--json', 'print as JSON')
    .action(async (file: string, options: NotebookRunOptions) => {
      const { notebookRunCommand } = await import('./commands/notebook.ts');
      process.exitCode = await notebookRunCommand(file, options);
    });

  notebook
    .command('import')
    .description('A file becomes a notebook; prints its id.')
    .argument('<file>', 'a notebook file (.parley.md), a Jupyter notebook (.ipynb) or Markdown')
    .option('--json', 'print as JSON')
    .action(async (file: string, options: JsonOption) => {
      const { notebookImportCommand } = await import('./commands/notebook.ts');
      process.exitCode = await notebookImportCommand(file, options);
    });

  notebook
    .command('export')
    .description('A notebook as a file, with its results.')
    .argument('<notebook>', 'id of a notebook, or a notebook file')
    .option('--format <format>', 'parley (the default), md, ipynb or html')
    .option('--json', 'the same as --format ipynb')
    .option('-o, --output <file>', 'write there instead of printing')
    .action(async (file: string, options: NotebookExportOptions) => {
      const { notebookExportCommand } = await import('./commands/notebook.ts');
      process.exitCode = await notebookExportCommand(file, options);
    });
}

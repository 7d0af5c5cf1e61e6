/** Commands about models and data sets: what is here, whether a folder is whole, and adding more. */
import type { Command } from 'commander';
import type { DatasetAddOptions } from './commands/datasets.ts';
import type { ModelAddOptions } from './commands/models-add.ts';
import { wholeNumber } from './option-values.ts';

interface JsonOption {
  readonly json?: boolean;
}

const given = 'OWNER/NAME or OWNER/NAME@REVISION of the Hugging Face Hub, or a folder (./FOLDER)';

export function addZoo(program: Command): void {
  addModels(program.command('models').description('Models that a run can name.'));
  addDatasets(program.command('datasets').description('Data sets that a run can name.'));
}

function addModels(models: Command): void {
  models
    .command('list')
    .description('Trained models, and those with random weights.')
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { modelsListCommand } = await import('./commands/models.ts');
      process.exitCode = await modelsListCommand(options);
    });

  models
    .command('add')
    .description(
      'Check a classifier of texts (BERT, RoBERTa) or images (ViT, DeiT), or a language model (GPT-2, LLaMA), and let runs name it.',
    )
    .argument('<model>', given)
    .option('--as <name>', 'its name in specs')
    .option('--json', 'print as JSON')
    .action(async (model: string, options: ModelAddOptions) => {
      const { modelsAddCommand } = await import('./commands/models-add.ts');
      process.exitCode = await modelsAddCommand(model, options);
    });

  models
    .command('verify')
    .description('Check config, weights and tokenizer of a folder in the layout of the Hub.')
    .argument('<folder>', 'with config.json, model.safetensors and tokenizer.json')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: JsonOption) => {
      const { modelsVerifyCommand } = await import('./commands/models.ts');
      process.exitCode = await modelsVerifyCommand(folder, options);
    });
}

function addDatasets(datasets: Command): void {
  datasets
    .command('list')
    .description('Data sets, with their classes.')
    .option('--json', 'print as JSON')
    .action(async (options: JsonOption) => {
      const { datasetsListCommand } = await import('./commands/datasets.ts');
      process.exitCode = await datasetsListCommand(options);
    });

  datasets
    .command('add')
    .description(
      'Check labelled texts, pairs or images (parquet; texts also JSON lines, JSON, CSV, TSV) and let runs name them.',
    )
    .argument('<data>', `a file, or ${given}`)
    .option('--file <path>', 'which file of the repository or folder')
    .option('--as <name>', 'its name in specs')
    .option('--text <column>', 'column of the texts')
    .option('--pair <column>', 'column of the second texts, where samples are pairs')
    .option('--image <column>', 'column of images (PNG, JPEG), in place of texts')
    .option('--label <column>', 'column of the classes')
    .option('--labels <names>', 'names of the classes 0, 1, ..., with commas between')
    .option('--samples <n>', 'rows that are kept', wholeNumber, 2000)
    .option('--json', 'print as JSON')
    .action(async (data: string, options: DatasetAddOptions) => {
      const { datasetsAddCommand } = await import('./commands/datasets.ts');
      process.exitCode = await datasetsAddCommand(data, options);
    });

  datasets
    .command('verify')
    .description('Check that the samples of a set are those that were listed.')
    .argument('<name>', 'as "parley datasets list" shows it')
    .option('--json', 'print as JSON')
    .action(async (name: string, options: JsonOption) => {
      const { datasetsVerifyCommand } = await import('./commands/datasets.ts');
      process.exitCode = await datasetsVerifyCommand(name, options);
    });
}

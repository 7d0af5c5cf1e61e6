'use client';
/** Learn > Models: every model and data set that a run can name, and what is known of it. */
import type { ListedDataset, ListedModel } from '../../../server/api/routers/learn/models.ts';
import { formatCount, shortHash } from '../../../server/api/schemas/format.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useZooListing } from '../../_lib/api-learn.ts';
import classes from '../protocols/learn.module.css';
import own from './models.module.css';

export function LearnModels() {
  const zoo = useZooListing();
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Models</h1>
        <p>
          Trained models answer questions and have an accuracy. Of the others only the shape is
          true: their weights are random, and a run of them tells latency and cost only.
        </p>
      </header>
      {zoo.data !== undefined ? (
        <>
          <Panel title="Models" note="Parameters: the numbers that inference reads.">
            <Models models={zoo.data.models} />
          </Panel>
          <Panel title="Data sets">
            <Datasets datasets={zoo.data.datasets} />
          </Panel>
          <Panel
            title="Add your own"
            note="Checked whole before anything is listed; what is refused is refused by file and field."
          >
            <AddYourOwn />
          </Panel>
        </>
      ) : zoo.error !== null ? (
        <Failure title="The models cannot be read" reason={zoo.error} retry={zoo.retry} />
      ) : (
        <Waiting what="the models" height={700} />
      )}
    </Stack>
  );
}

const commands = [
  'npm run parley -- models add OWNER/NAME@REVISION',
  'npm run parley -- models add ./FOLDER --as my-model',
  'npm run parley -- datasets add ./reviews.csv --labels negative,positive',
  'npm run parley -- datasets add OWNER/NAME --file data/validation.parquet',
];

function AddYourOwn() {
  return (
    <>
      <p>
        Classifiers of texts (BERT, RoBERTa) and images (ViT, DeiT) and language models (GPT-2,
        LLaMA) come from the Hugging Face Hub or from a folder in its layout, with weights in
        safetensors. Labelled texts, pairs of texts and images come from parquet; texts also from
        JSON lines, JSON, CSV or TSV. A language model reads any set of texts and is judged by the
        piece that follows. On the command line:
      </p>
      <pre className={own.commands}>
        <code>{commands.join('\n')}</code>
      </pre>
    </>
  );
}

function Named({ title, id, mark }: { title: string; id: string; mark: string | null }) {
  return (
    <th scope="row">
      {title}
      <span className={own.under}>{id}</span>
      {mark !== null && <span className={own.under}>{mark}</span>}
    </th>
  );
}

function Models({ models }: { models: readonly ListedModel[] }) {
  return (
    <Scroll label="Models" className={classes.costs}>
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" className={classes.text}>
              Architecture
            </th>
            <th scope="col">Layers</th>
            <th scope="col">Width</th>
            <th scope="col">Heads</th>
            <th scope="col">Parameters</th>
            <th scope="col">Tokens, at most</th>
            <th scope="col" className={classes.text}>
              Licence
            </th>
            <th scope="col" className={classes.text}>
              Source
            </th>
            <th scope="col" className={classes.text}>
              SHA-256 of weights
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <Named title={model.title} id={model.id} mark={model.mark} />
              <td className={classes.text}>{model.architecture}</td>
              <td>{formatCount(model.layers)}</td>
              <td>{formatCount(model.hidden)}</td>
              <td>{formatCount(model.heads)}</td>
              <td>{formatCount(model.parameters)}</td>
              <td>{formatCount(model.tokens)}</td>
              <td className={classes.text}>{model.licence ?? 'no weights'}</td>
              <td className={classes.text}>{model.source}</td>
              <td className={classes.text}>
                {model.sha256 === null ? (
                  'no weights'
                ) : (
                  <code title={model.sha256}>{shortHash(model.sha256)}</code>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Datasets({ datasets }: { datasets: readonly ListedDataset[] }) {
  return (
    <Scroll label="Data sets" className={classes.costs}>
      <table>
        <thead>
          <tr>
            <th scope="col">Data set</th>
            <th scope="col">Samples</th>
            <th scope="col" className={classes.text}>
              Labels
            </th>
            <th scope="col" className={classes.text}>
              Licence
            </th>
          </tr>
        </thead>
        <tbody>
          {datasets.map(({ id, title, samples, labels, licence, mark }) => (
            <tr key={id}>
              <Named title={title} id={id} mark={mark} />
              <td>{formatCount(samples)}</td>
              <td className={classes.text}>{labels.length === 0 ? 'none' : labels.join(', ')}</td>
              <td className={classes.text}>{licence ?? 'made here'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

'use client';
/** Learn > REST interface: every path of the OpenAPI document, for people. Nothing is written twice. */
import Link from 'next/link';
import { plural } from '../../../server/api/schemas/format.ts';
import type { OpenApi, OpenApiOperation } from '../../../server/api/schemas/openapi-view.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { documentAddress, useApiDocument } from '../../_lib/api-document.ts';
import learn from '../protocols/learn.module.css';
import tables from '../../_run/run-view.module.css';
import { curlOf, exampleBody } from './curl.ts';
import classes from './api.module.css';

interface Placed extends OpenApiOperation {
  readonly method: string;
  readonly path: string;
}

const placed = ({ paths }: OpenApi): Placed[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );

const anchorOf = (tag: string): string => tag.toLowerCase();

export function LearnApi() {
  const document = useApiDocument();
  return (
    <Stack gap={28}>
      <header className={learn.header}>
        <h1>REST interface</h1>
        <p>
          What the pages do with runs, for programs: JSON under <code>/api/v1</code>, described by{' '}
          <a href={documentAddress}>an OpenAPI 3.1 document</a> of which this page is made. It
          answers on this machine itself, and under the names in <code>PARLEY_HOSTS</code>; there
          are no accounts. On the command line, <code>parley --help</code> has the same verbs.
        </p>
        {document.data !== undefined && <Contents document={document.data} />}
      </header>
      {document.data !== undefined ? (
        <Document document={document.data} />
      ) : document.error !== null ? (
        <Failure
          title="The document cannot be read"
          reason={document.error}
          retry={document.retry}
        />
      ) : (
        <Waiting what="the document" height={600} />
      )}
    </Stack>
  );
}

const tagsOf = (operations: readonly Placed[]): string[] => [
  ...new Set(operations.flatMap(({ tags }) => tags)),
];

function Contents({ document }: { document: OpenApi }) {
  return (
    <nav aria-label="Parts of the interface" className={learn.contents}>
      {tagsOf(placed(document)).map((tag) => (
        <a key={tag} href={`#${anchorOf(tag)}`}>
          {tag}
        </a>
      ))}
      <a href="#forms">Forms</a>
    </nav>
  );
}

function Document({ document }: { document: OpenApi }) {
  const operations = placed(document);
  return (
    <>
      <Panel title="In short">
        <div className={learn.words}>
          <p>{document.info.description}</p>
          <p>
            A refusal is JSON with <code>code</code>, <code>message</code> and <code>issues</code>;
            each issue names the <code>field</code>, the <code>value</code> that was given and the{' '}
            <code>fix</code>. Lists are read page by page with <code>cursor</code>. The{' '}
            <Link href="/results">results page</Link> explains its query language beside the box.
          </p>
        </div>
      </Panel>
      {tagsOf(operations).map((tag) => (
        <div key={tag} id={anchorOf(tag)}>
          <Panel title={tag}>
            {operations
              .filter(({ tags }) => tags.includes(tag))
              .map((operation) => (
                <Operation key={operation.operationId} operation={operation} />
              ))}
          </Panel>
        </div>
      ))}
      <Forms document={document} />
    </>
  );
}

function Operation({ operation }: { operation: Placed }) {
  const { method, path, summary, description, parameters, requestBody, responses } = operation;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return (
    <details className={classes.operation} id={operation.operationId}>
      <summary>
        <code className={classes.path}>
          <b>{method.toUpperCase()}</b> {path}
        </code>
        <span>{summary}</span>
      </summary>
      <div className={classes.inside}>
        {description !== undefined && <p>{description}</p>}
        {parameters.length > 0 && (
          <Scroll label={`Parameters of ${path}`}>
            <table className={tables.table}>
              <thead>
                <tr>
                  <th scope="col">Parameter</th>
                  <th scope="col">Where</th>
                  <th scope="col">Form</th>
                  <th scope="col" style={{ textAlign: 'left' }}>
                    Meaning
                  </th>
                </tr>
              </thead>
              <tbody>
                {parameters.map((parameter) => (
                  <tr key={parameter.name}>
                    <th scope="row">
                      <code>{parameter.name}</code>
                      {parameter.required ? ', required' : ''}
                    </th>
                    <td>{parameter.in}</td>
                    <td>{formOf(parameter.schema)}</td>
                    <td className={classes.meaning}>{parameter.description ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
        {body !== undefined && (
          <p>
            Body: <Form schema={body} />
          </p>
        )}
        <dl className={classes.answers}>
          {Object.entries(responses).map(([status, { description: meaning, content }]) => (
            <div key={status}>
              <dt>{status}</dt>
              <dd>
                {meaning}{' '}
                {Object.entries(content).map(([type, { schema }]) => (
                  <Form key={type} schema={schema} type={type} />
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <Example operation={operation} hasBody={body !== undefined} />
      </div>
    </details>
  );
}

function Example({ operation, hasBody }: { operation: Placed; hasBody: boolean }) {
  const origin = typeof window === 'undefined' ? '' : window.location.origin;
  const command = curlOf(origin, operation, hasBody ? exampleBody(operation.operationId) : null);
  return (
    <div className={classes.example}>
      <Scroll label="Example">
        <pre>{command}</pre>
      </Scroll>
      <CopyButton value={command} label="Copy" />
    </div>
  );
}

/** "integer, 1 to 200, default 50". */
function formOf(schema: Readonly<Record<string, unknown>>): string {
  const { type, minimum, maximum, default: preset, enum: values } = schema;
  const parts = [
    Array.isArray(values) ? values.join(' or ') : typeof type === 'string' ? type : 'text',
    ...(typeof minimum === 'number' && typeof maximum === 'number' && maximum < 1e9
      ? [`${minimum} to ${maximum}`]
      : []),
    ...(preset === undefined || preset === '' ? [] : [`default ${JSON.stringify(preset)}`]),
  ];
  return parts.join(', ');
}

function Form({
  schema,
  type = 'application/json',
}: {
  schema: Readonly<Record<string, unknown>>;
  type?: string;
}) {
  const { $ref: reference } = schema;
  const name =
    typeof reference === 'string'
      ? /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1]
      : undefined;
  if (name !== undefined) return <a href={`#form-${name}`}>{name}</a>;
  if (type !== 'application/json') return <code>{type}</code>;
  const fields = Object.keys((schema['properties'] as object | undefined) ?? {});
  return <code>{fields.length === 0 ? 'JSON' : `{ ${fields.join(', ')} }`}</code>;
}

function Forms({ document }: { document: OpenApi }) {
  const forms = Object.entries(document.components.schemas);
  return (
    <div id="forms">
      <Panel
        title="Forms"
        note={`${plural(forms.length, 'JSON Schema', 'JSON Schemas')} that several paths share.`}
      >
        {forms.map(([name, schema]) => (
          <details key={name} className={classes.operation} id={`form-${name}`}>
            <summary>
              <code className={classes.path}>{name}</code>
              <span>{typeof schema['description'] === 'string' ? schema['description'] : ''}</span>
            </summary>
            <div className={classes.inside}>
              <Scroll label={`Form ${name}`}>
                <pre className={classes.schema}>{JSON.stringify(schema, null, 2)}</pre>
              </Scroll>
            </div>
          </details>
        ))}
      </Panel>
    </div>
  );
}

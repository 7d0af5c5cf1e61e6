'use client';
/** The query language on half a page: its rules by example, and every field there is. */
import { fields } from '../../server/api/schemas/results-fields.ts';
import classes from './query-box.module.css';

const rules: readonly (readonly [string, string])[] = [
  ['puma', 'a word anywhere in names, tags and note; "two words" in quotes'],
  ['variant:replicated', 'a part of the text; variant=replicated/fast is the whole of it'],
  ['state:done,failed', 'either of them'],
  ['rtt>=40ms bytes<200MB', 'numbers with their unit; all terms must hold'],
  ['latency:1s..5s', 'a range, both ends included'],
  ['created>=2026-11-01', 'a day, UTC'],
  ['-tag:old', 'the other half: all runs that do not have it'],
  ['group:variant,rtt', 'runs of the same values together, those without one last'],
  ['sort:-acc', 'the order, here the largest first; else the newest'],
];

const kinds = { number: 'number', text: 'text', date: 'day' } as const;

export function QueryHelp() {
  return (
    <details className={classes.help}>
      <summary>How to ask</summary>
      <div className={classes.helpBody}>
        <dl>
          {rules.map(([example, meaning]) => (
            <div key={example}>
              <dt>
                <code>{example}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <dl>
          {fields.map((field) => (
            <div key={field.id}>
              <dt>
                <code>{field.id}</code>
              </dt>
              <dd>
                {field.type === 'choice' ? '' : `${kinds[field.type]}; `}
                {field.help}
                {field.type === 'choice' && `: ${field.values.join(', ')}`}
                {field.type === 'number' && `, like ${field.example}`}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  );
}

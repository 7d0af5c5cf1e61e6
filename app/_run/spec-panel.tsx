/** What was asked. Settings that are not those of the form's own default stand out. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Panel } from '../_components/panel.tsx';
import { settingsOf } from '../_lib/describe-spec.ts';
import classes from './run-view.module.css';

interface SpecPanelProps {
  readonly spec: RunSpec;
  readonly hash: string;
  /** The spec that the form starts with; null where it is not known, then nothing stands out. */
  readonly usual: RunSpec | null;
}

export function SpecPanel({ spec, hash, usual }: SpecPanelProps) {
  const usualValues = new Map(
    usual === null ? [] : settingsOf(usual).map(({ field, value }) => [field, value]),
  );
  const settings = settingsOf(spec).map((setting) => ({
    ...setting,
    changed: usual !== null && usualValues.get(setting.field) !== setting.value,
  }));
  const changed = settings.filter((setting) => setting.changed).length;
  return (
    <Panel
      title="Spec"
      note={
        usual === null
          ? 'What was asked; its hash is its identity.'
          : `What was asked; its hash is its identity. ${changed === 0 ? 'Every setting is the default of the form.' : `Set by hand, in bold: ${changed} of ${settings.length}; the others are the form’s defaults.`}`
      }
      aside={<CopyButton value={JSON.stringify(spec, null, 2)} label="Copy JSON" />}
    >
      <dl className={classes.spec}>
        {settings.map(({ field, name, value, changed: bold }) => (
          <div key={field} data-changed={bold || undefined}>
            <dt>{name}</dt>
            <dd>
              {bold ? <strong>{value}</strong> : value}
              {bold && <span className="visually-hidden">, not the default</span>}
            </dd>
          </div>
        ))}
        <div>
          <dt>Hash</dt>
          <dd>
            <code>{hash}</code>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

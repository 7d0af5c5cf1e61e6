/** Every file that a run left, with its size and hash. */
import type { ReactNode } from 'react';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { exactBytes, formatBytes, shortHash } from '../../server/api/schemas/format.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import classes from './run-view.module.css';

export type RunFile = RunDetail['artifacts'][number];

interface FilesProps {
  readonly run: RunDetail;
  /** What can be done with one of them. */
  readonly action: ((file: RunFile) => ReactNode) | undefined;
}

export function Files({ run, action }: FilesProps) {
  return (
    <ul className={classes.files}>
      {run.artifacts.map((file) => (
        <li key={file.name}>
          <code>{file.name}</code>
          <span title={exactBytes(file.bytes)}>{formatBytes(file.bytes)}</span>
          <span className={classes.quiet} title={file.sha256}>
            sha256 {shortHash(file.sha256)}
          </span>
          <CopyButton value={file.sha256} label="Copy hash" variant="subtle" />
          {action?.(file)}
        </li>
      ))}
    </ul>
  );
}

/** A notebook's text that cannot be read: why, and the text as it is. */
import type { OpenContent } from '../../server/api/schemas/notebook-text.ts';
import { Failure } from '../_components/states.tsx';
import classes from './notebook.module.css';

export function Unreadable({
  content: { text, problem },
}: {
  readonly content: Extract<OpenContent, { kind: 'unreadable' }>;
}) {
  return (
    <>
      <Failure title="The notebook cannot be read" reason={problem} />
      <pre className={classes.raw}>{text}</pre>
    </>
  );
}

/** Stand-ins of one function beside one another. */
import type { ApproximationEntry } from '../../../server/api/routers/learn/approximations.ts';
import { formatSignificant } from '../../../server/api/schemas/format.ts';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import classes from '../protocols/learn.module.css';

export function OverviewTable({ entries }: { entries: readonly ApproximationEntry[] }) {
  return (
    <Scroll label="Approximations" className={classes.costs}>
      <table>
        <thead>
          <tr>
            <th scope="col">Approximation</th>
            <th scope="col" className={classes.text}>
              Formula
            </th>
            <th scope="col">
              Largest error <ProvenanceMark of="measured" />
            </th>
            <th scope="col">
              Mean error <ProvenanceMark of="measured" />
            </th>
            <th scope="col" className={classes.text}>
              Models
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ key, title, formula, max, mean, needsTraining, defect }) => (
            <tr key={key}>
              <th scope="row">{title}</th>
              <td className={classes.text}>{formula}</td>
              <td>{formatSignificant(max)}</td>
              <td>{formatSignificant(mean)}</td>
              <td className={classes.text}>
                {defect !== null ? 'cost only' : needsTraining ? 'trained with it' : 'any'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** What a training takes, phase by phase. */
import { formatCount, formatDuration } from '../../server/api/schemas/format.ts';
import type { TrainingPrice } from '../../server/api/schemas/training.ts';
import { Scroll } from '../_components/scroll.tsx';
import tables from '../_run/run-view.module.css';

export function PriceTable({ price }: { price: TrainingPrice }) {
  const { phases, judgingSeconds, totalSeconds } = price;
  return (
    <Scroll label="Price of the training">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Steps</th>
            <th scope="col">One step</th>
            <th scope="col">Time, predicted</th>
          </tr>
        </thead>
        <tbody>
          {phases.map(({ name, steps, stepSeconds }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatCount(steps)}</td>
              <td>{formatDuration(1000 * stepSeconds)}</td>
              <td>{formatDuration(1000 * steps * stepSeconds)}</td>
            </tr>
          ))}
          {judgingSeconds !== null && (
            <tr>
              <th scope="row">judging</th>
              <td colSpan={3}>{formatDuration(1000 * judgingSeconds)}</td>
            </tr>
          )}
          <tr>
            <th scope="row">all</th>
            <td colSpan={3}>{formatDuration(1000 * totalSeconds)}</td>
          </tr>
        </tbody>
      </table>
    </Scroll>
  );
}

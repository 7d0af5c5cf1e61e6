/** Stands in for the process that trains; the recipe's title says how it behaves. */
import type { TrainCommand, TrainMessage } from '../../../server/runs/training/messages.ts';

const say = (message: TrainMessage): void => void process.send?.(message);
const end = (message: TrainMessage): void => {
  say(message);
  process.disconnect();
};
const product = (finished: boolean) => ({
  models: [{ id: 'made', name: 'made', accuracy: 0.8, n: 10 }],
  finished,
});
const point = (stage: string, step: number, accuracy: number | null) =>
  say({
    type: 'point',
    point: {
      stage,
      step,
      ofSteps: 40,
      loss: 1 / step,
      accuracy,
      seconds: step,
      bestAccuracy: accuracy,
      secondsLeft: 40 - step,
    },
  });

process.on('disconnect', () => process.exit(0));
process.on('message', (message: TrainCommand | 'pause' | 'finish') => {
  if (message === 'pause') end({ type: 'ended', product: null });
  else if (message === 'finish') end({ type: 'ended', product: product(false) });
  else {
    const { title } = message.recipe as { title: string };
    if (message.price === 'first') {
      const phases = [{ name: 'labels', steps: 40, stepSeconds: 0.1 }];
      say({ type: 'price', price: { phases, judgingSeconds: 1, totalSeconds: 5 } });
    }
    if (title.startsWith('dies')) process.exit(3);
    point('labels', 20, null);
    point('labels', 40, 0.7);
    if (title.startsWith('diverges')) {
      end({ type: 'failed', reason: '"labels", step 41 of 80: loss NaN. Lower learningRate.' });
    } else if (title.startsWith('good')) end({ type: 'ended', product: product(true) });
    // Anything else goes on until it is told to stop.
  }
});

/**
 * A real role's process with one thing wrong: what it does when an order arrives, before the role
 * itself hears of it, or when the role reports. Imported by the entries `real-*.ts`, which then start
 * the real process.
 */
import type { Order, Report, RoleTask } from '../../../server/runs/messages.ts';

let told: RoleTask | undefined;

/** `act` gets the role's task; it may change it when the order is the task itself. */
export function onOrder(kind: Order['kind'], act: (task: RoleTask) => void): void {
  process.prependListener('message', (message: unknown) => {
    const order = message as Order;
    if (order.kind === 'task') told = order.task;
    if (order.kind === kind && told !== undefined) act(told);
  });
}

/** `act` comes before the `count`-th trace is told: 1 = of the setup, 2 = of the first inference. */
export function onTrace(count: number, act: (task: RoleTask) => void): void {
  onOrder('task', () => undefined);
  const send = process.send?.bind(process);
  let traces = 0;
  process.send = (message: Report, ...rest: unknown[]) => {
    if (message.kind === 'trace') traces += 1;
    if (message.kind === 'trace' && traces === count && told !== undefined) act(told);
    return Reflect.apply(send as (...all: unknown[]) => boolean, process, [message, ...rest]);
  };
}

/** A plan that differs in one number from what the others were given. */
export function longer(task: RoleTask): void {
  const plan = task.plan as { length: number };
  plan.length += 1;
}

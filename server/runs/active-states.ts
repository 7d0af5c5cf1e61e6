/** States in which a worker works on a run. */
export const activeStates = ['preparing', 'linkCheck', 'running', 'scoring'] as const;
export type ActiveState = (typeof activeStates)[number];

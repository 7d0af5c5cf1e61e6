/** The little arithmetic that pages need on top of what a run's view already carries. */

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}

export function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, index) => {
    if (value > (values[best] ?? Number.NEGATIVE_INFINITY)) best = index;
  });
  return best;
}

/** Probabilities from logits, shifted by the largest so that nothing overflows. */
export function softmax(logits: readonly number[]): readonly number[] {
  const max = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - max));
  const total = sum(exponentials);
  return exponentials.map((value) => value / total);
}

/** How surely the logits name their label. */
export function confidence(logits: readonly number[]): number {
  return largest(softmax(logits));
}

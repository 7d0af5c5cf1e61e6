/** Every operation of the training engine; each is held to finite differences in check-gradients.ts. */
export * from './activations.ts';
export * from './elementwise.ts';
export * from './losses.ts';
export * from './lookup.ts';
export * from './matrix.ts';
export * from './normalise.ts';
export * from './shape.ts';

import { expect, it } from 'vitest';
import { fuzzFrames } from '../../benchmarks/reliability/frames.ts';

it('hands on only what was sent, of 100 000 frames in streams that were tampered with', () => {
  const { frames, streams, refused, cutShort, wrongs } = fuzzFrames(1e5, 20_261_124);
  expect(wrongs).toEqual([]);
  expect(frames).toBeGreaterThanOrEqual(1e5);
  // Nearly all are noticed; the rest lost whole frames at their end, or were changed to themselves.
  expect(refused + cutShort).toBeGreaterThan(0.97 * streams);
  expect(refused).toBeGreaterThan(0.9 * streams);
});

/** The view that nobody saved is what an empty request means. */
import { expect, test } from 'vitest';
import { defaultView } from '../../server/api/schemas/results-default-view.ts';
import { viewStateSchema } from '../../server/api/schemas/results-view.ts';

test('the default view is the schema’s default', () => {
  expect(viewStateSchema.parse({})).toEqual(defaultView);
});

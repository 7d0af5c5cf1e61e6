/** Learn > Approximations and Learn > Models, as a reader meets them. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { approximationErrorChart } from '../../app/_charts/approximation-error.ts';
import { lightTheme } from '../../app/_charts/chart.ts';
import { LearnApproximations } from '../../app/learn/approximations/learn-approximations.tsx';
import { LearnModels } from '../../app/learn/models/learn-models.tsx';
import type { ApproximationEntry } from '../../server/api/routers/learn/approximations.ts';
import type { ZooListing } from '../../server/api/routers/learn/models.ts';
import { renderApp, visit } from './render.tsx';

const entry: ApproximationEntry = {
  key: 'gelu/quad',
  id: 'quad',
  kind: 'gelu',
  replaces: 'gelu',
  title: 'MPCFormer Quad',
  description: 'One square.',
  formula: '0.125 x² + 0.25 x + 0.5',
  source: 'MPCFormer',
  domain: [-1, 1],
  domainReason: 'Trained there.',
  domainSource: 'Its paper, section 4',
  needsTraining: true,
  defect: null,
  max: 0.5,
  mean: 0.4,
  curve: { x: [-2, -1, 0, 1, 2], error: [0.9, 0.5, 0.5, 0, 0.4] },
  costs: [
    {
      variant: 'additive/crypten',
      fractionBits: 16,
      rounds: 1,
      bytesPerElement: 16,
      dealerBytesPerElement: 8,
    },
  ],
};
const broken: ApproximationEntry = {
  ...entry,
  key: 'gelu/broken',
  title: 'Broken',
  defect: 'Odd powers are wrong.',
};

describe('Learn > Approximations', () => {
  beforeEach(() => visit('/learn/approximations'));

  it('shows formula, domain, errors and cost of the chosen one', async () => {
    renderApp(<LearnApproximations />, { 'learn.approximations': () => [entry, broken] });
    const card = await screen.findByRole('region', { name: 'MPCFormer Quad' });
    expect(card).toHaveTextContent('0.125 x² + 0.25 x + 0.5');
    expect(card).toHaveTextContent('-1 to 1. Trained there.');
    expect(card).toHaveTextContent('Its paper, section 4');
    expect(card).toHaveTextContent('Only those that were trained or distilled with it.');
    expect(within(card).getByRole('row', { name: /^additive\/crypten 1 16/ })).toBeVisible();
    await userEvent.selectOptions(screen.getByLabelText('Approximation'), 'Broken');
    const other = await screen.findByRole('region', { name: 'Broken' });
    expect(other).toHaveTextContent('Odd powers are wrong.');
  });

  it('counts the error between the ends that are set, also by keyboard', async () => {
    renderApp(<LearnApproximations />, { 'learn.approximations': () => [entry] });
    expect(await screen.findByText(/largest error 0.900, mean 0.460, 5 points/)).toBeVisible();
    screen.getByRole('slider', { name: 'Input from' }).focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(await screen.findByText(/From .1.50 to 2.00: largest error 0.500/)).toBeVisible();
  });

  it('says why nothing is there', async () => {
    renderApp(<LearnApproximations />, {
      'learn.approximations': () => {
        throw new Error('no file');
      },
    });
    expect(await screen.findByText('The approximations cannot be read')).toBeVisible();
  });
});

it('the curve shades its domain inside of the range, and its table has the errors as they are', () => {
  const { figure, table } = approximationErrorChart(entry, [0, 2], lightTheme);
  expect(figure.layout.shapes?.[0]).toMatchObject({ x0: 0, x1: 1 });
  expect(table.rows).toEqual([
    { input: 0, error: 0.5 },
    { input: 1, error: 0 },
    { input: 2, error: 0.4 },
  ]);
});

it('Learn > Models marks random weights, and shows checksum and licence of trained ones', async () => {
  const model: ZooListing['models'][number] = {
    id: 'tiny',
    title: 'Tiny',
    architecture: 'bert',
    layers: 2,
    hidden: 8,
    heads: 2,
    parameters: 1234,
    tokens: 64,
    licence: 'Apache-2.0',
    source: 'here',
    sha256: 'ab'.repeat(32),
    mark: null,
  };
  const mark = 'random weights: latency and cost only';
  const shape = { ...model, id: 'big', title: 'Big', licence: null, sha256: null, mark };
  renderApp(<LearnModels />, { 'learn.models': () => ({ models: [model, shape], datasets: [] }) });
  const trained = await screen.findByRole('row', { name: /^Tiny/ });
  expect(trained).toHaveTextContent('1,234');
  expect(trained).toHaveTextContent('Apache-2.0');
  expect(within(trained).getByTitle('ab'.repeat(32))).toBeVisible();
  expect(screen.getByRole('row', { name: /^Big/ })).toHaveTextContent(mark);
  expect(trained).not.toHaveTextContent(mark);
});

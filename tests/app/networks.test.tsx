/** Networks in the form and on their page: saved ones, JSON, and a backend that cannot work here. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { LearnNetworks } from '../../app/learn/networks/learn-networks.tsx';
import { NewRun } from '../../app/new/new-run.tsx';
import { readQuery } from '../../app/_lib/spec-query.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { catalog } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const why = 'the kernel backend cannot work here (switch: no user namespaces); use backend inline';
const noKernel = () => [
  { id: 'inline', engine: null, why: null },
  { id: 'kernel', engine: null, why },
  { id: 'none', engine: null, why: null },
];
const saved = {
  id: 'my-lab',
  title: 'my-lab',
  description: 'Saved here.',
  source: null,
  basis: 'saved',
  trap: null,
  backend: 'inline',
  bitsPerSecond: 2.5e8,
  rttMs: 12,
  topology: 'nic',
  tcp: 'cubic',
} as const satisfies Catalog['networks'][number];
const withSaved = { ...catalog, networks: [...catalog.networks, saved] };

describe('the form', () => {
  it('greys the kernel backend out with the reason where it cannot work', async () => {
    visit('/new?network=custom&rate=1000000000&rtt=3');
    renderApp(<NewRun />, { 'networks.backends': noKernel });
    const backend = await screen.findByRole('combobox', { name: 'Backend' });
    await waitFor(() =>
      expect(backend).toHaveAccessibleDescription(new RegExp('no user namespaces')),
    );
    expect(screen.getByRole('option', { name: /^Kernel/ })).toBeDisabled();
    expect(screen.getByRole('option', { name: /^None/ })).toBeEnabled();
  });

  it('saves a network under its name, and says why it cannot', async () => {
    const user = userEvent.setup();
    visit('/new?network=my-lab&rate=250000000&rtt=12');
    const { asked } = renderApp(<NewRun />, {
      'networks.save': (network: { name: string }) => {
        if (network.name === 'taken') throw new Error('there is a network "taken" already');
        return network;
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Save this network' }));
    expect(await screen.findByText(/Saved as my-lab/)).toBeVisible();
    expect(asked.find(({ path }) => path === 'networks.save')?.input).toMatchObject({
      name: 'my-lab',
      bitsPerSecond: 2.5e8,
      rttMs: 12,
    });
    const name = screen.getByRole('textbox', { name: 'Name' });
    await user.clear(name);
    await user.type(name, 'taken');
    await user.click(screen.getByRole('button', { name: 'Save this network' }));
    expect(await screen.findByText(/"taken" already/)).toBeVisible();
    await user.clear(name);
    await user.type(name, 'No Good');
    expect(screen.getByRole('button', { name: 'Save this network' })).toBeDisabled();
    expect(screen.getByText(/small letters/)).toBeVisible();
  });

  it('reads a saved one from the address, with all that it is', () => {
    const draft = readQuery(new URLSearchParams('network=my-lab'), withSaved)?.draft;
    expect(draft?.network).toEqual({
      name: 'my-lab',
      backend: 'inline',
      bitsPerSecond: 2.5e8,
      rttMs: 12,
      topology: 'nic',
      tcp: 'cubic',
    });
  });
});

describe('the page of networks', () => {
  it('lists saved ones apart from those of the papers, and deletes them', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<LearnNetworks />, {
      'catalog.get': () => withSaved,
      'networks.backends': noKernel,
      'networks.remove': () => undefined,
    });
    const table = await screen.findByRole('region', { name: 'Saved networks' });
    expect(within(table).getByRole('link', { name: 'my-lab' })).toHaveAttribute(
      'href',
      '/new?network=my-lab',
    );
    const [papers] = screen.getAllByRole('region', { name: 'Settings of the papers' });
    expect(papers).not.toHaveTextContent('my-lab');
    expect(await screen.findByText(/Not here: .*no user namespaces/)).toBeVisible();
    await user.click(within(table).getByRole('button', { name: 'Delete my-lab' }));
    await waitFor(() =>
      expect(asked.find(({ path }) => path === 'networks.remove')?.input).toEqual({
        name: 'my-lab',
      }),
    );
  });

  it('takes JSON, and names what is wrong with it', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<LearnNetworks />, {
      'networks.save': (network: object) => network,
    });
    const text = await screen.findByRole('textbox', { name: 'From JSON' });
    await user.click(text);
    await user.paste('{ "name": "lab", "rttMs": 1 }');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    expect(text).toHaveAccessibleDescription(/bitsPerSecond/);
    expect(asked.some(({ path }) => path === 'networks.save')).toBe(false);
    await user.clear(text);
    await user.paste(
      '{"name":"lab","backend":"inline","bitsPerSecond":1e9,"rttMs":1,"topology":"pair"}',
    );
    await user.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText('Saved as lab.')).toBeVisible();
  });
});

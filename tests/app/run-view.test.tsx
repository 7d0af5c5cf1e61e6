import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Permalink } from '../../app/s/[slug]/permalink.tsx';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { dealtRun, doneRun, eventsOf, headline, runInState } from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit, type Answers } from './render.tsx';

const region = (name: string) => screen.findByRole('region', { name });
const open = async (name: string): Promise<void> =>
  userEvent.setup().click(await screen.findByRole('tab', { name }));
const show = (run: RunDetail = doneRun, answers: Answers = {}) => {
  visit(`/runs/${run.id}`);
  return renderApp(<RunPage id={run.id} />, {
    'runs.get': () => run,
    'runs.create': () => ({ ...runInState('queued'), id: 'r_next' }),
    'permalinks.create': () => ({ slug: 'abc', path: '/s/abc', contentHash: 'f'.repeat(64) }),
    'permalinks.revoke': () => ({ revokedAt: '2026-11-22T19:00:00.000Z' }),
    'runs.events': () => eventsOf(4).slice(0, 5),
    ...answers,
  });
};

describe('a finished run', () => {
  it('has its headline numbers with n and interval', async () => {
    show();
    const numbers = await screen.findByLabelText('Headline numbers');
    expect(numbers).toHaveTextContent(/Secure accuracy\s*81\.3 %/);
    expect(numbers).toHaveTextContent(
      /13 of 16, 95 % interval 57\.0 to 93\.4 %; plaintext 87\.5 %/,
    );
    expect(numbers).toHaveTextContent(/n = 8, 95 % interval 1\.52 s to 1\.63 s/);
    expect(numbers).toHaveTextContent(/Sent per party, online\s*148 MB/);
    expect(numbers).toHaveTextContent(/Rounds\s*742/);
  });

  it('sets prediction beside measurement with a tick each', async () => {
    show();
    const panel = await region('Predicted and measured');
    expect(within(panel).getByText('Equal to the byte')).toBeVisible();
    // Rounds, three parties, six links.
    expect(within(panel).getAllByText('equal')).toHaveLength(10);
  });

  it('crosses out what was predicted wrongly, and warns', async () => {
    show({
      ...doneRun,
      prediction: {
        rounds: 741,
        onlineBytesSent: [1, 2, 3],
        offlineBytesSent: [0, 0, 0],
        dealerBytes: 0,
        links: { ...headline.links, '0>1': 7 },
        agrees: false,
      },
    });
    const panel = await region('Predicted and measured');
    expect(within(panel).getAllByText('not equal')).toHaveLength(5);
    expect(screen.getByText(/differ from the declared cost/)).toBeVisible();
  });

  it('lists every review with label, confidence and agreement, and filters them', async () => {
    const user = userEvent.setup();
    show();
    await open('Accuracy');
    const panel = await region('Reviews');
    const rows = () => within(panel).getAllByRole('row').slice(1);
    expect(rows()).toHaveLength(16);
    expect(rows()[1]).toHaveTextContent(/positive.*98\.7 %.*agrees/);
    await user.click(within(panel).getByRole('radio', { name: /Unlike plaintext/ }));
    expect(rows()).toHaveLength(1);
    expect(rows()[0]).toHaveTextContent('says negative');
  });

  it('switches the chart of places between bytes and times', async () => {
    const user = userEvent.setup();
    show();
    await open('Operations');
    const panel = await region('Where it goes');
    expect(within(panel).getByRole('img', { name: /^Bytes sent by place/ })).toBeVisible();
    await user.click(within(panel).getByRole('radio', { name: 'Waiting' }));
    expect(within(panel).getByRole('img', { name: /^Waiting by place/ })).toBeVisible();
    await user.click(within(panel).getByRole('radio', { name: 'Table' }));
    await user.click(within(panel).getByRole('radio', { name: 'Parts' }));
    expect(within(panel).getByText('layer0.attention')).toBeVisible();
  });

  it('says what was expected of its time, and whether it came to that', async () => {
    const took = doneRun.headline?.onlineMs.median ?? 0;
    const expected = {
      onlineMs: took,
      offlineMs: 0,
      low80: took * 0.8,
      high80: took * 1.3,
      basis: 9,
    };
    const { unmount } = show({ ...doneRun, expected });
    expect(await screen.findByLabelText('Headline numbers')).toHaveTextContent(
      /expected .* in 80 of 100 cases\), inside/,
    );
    unmount();
    show({ ...doneRun, expected: { ...expected, low80: took * 2, high80: took * 3 } });
    expect(await screen.findByLabelText('Headline numbers')).toHaveTextContent(/cases\), faster/);
  });

  it('shows link, parties, reveals, spec, environment and files', async () => {
    show();
    const security = await region('Security');
    expect(security).toHaveTextContent(/Any two of the three have all components/);
    expect(within(security).getByRole('link', { name: /Who sees what/ })).toHaveAttribute(
      'href',
      '/learn/protocols#replicated-aby3',
    );
    expect(await region('Revealed')).toHaveTextContent(
      'reveal to owner, 32 values in 4 inferences: logits asked for by the spec',
    );
    expect(await region('Spec')).toHaveTextContent(doneRun.specHash);
    await open('Operations');
    expect(await region('Parties')).toHaveTextContent('593 MB');
    await open('Link');
    expect(await region('Link check')).toHaveTextContent(/asked 5 Gbit\/s, 0\.4 ms RTT/);
    await open('Environment');
    expect(await region('Environment')).toHaveTextContent('AMD EPYC');
    await open('Files');
    expect(await region('Files')).toHaveTextContent('trace-party-2.jsonl');
  });

  it('saves a file of the run, or says why it cannot', async () => {
    const user = userEvent.setup();
    const blob = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:file');
    blob.mockClear();
    const { asked } = show(doneRun, {
      'runs.artifact': ({ name }: { name: string }) => {
        if (name === 'trace-party-1.jsonl') throw new Error(`the file ${name} has 31.0 MB`);
        return { name, mediaType: 'application/json', text: '{"traces":[]}' };
      },
    });
    await open('Files');
    const files = await region('Files');
    await user.click(within(files).getByRole('button', { name: 'Download trace-party-2.jsonl' }));
    await waitFor(() => expect(blob).toHaveBeenCalledOnce());
    expect(asked.at(-1)).toEqual({
      path: 'runs.artifact',
      input: { id: doneRun.id, name: 'trace-party-2.jsonl' },
    });
    const saved = blob.mock.calls[0]?.[0] as Blob;
    expect(saved.type).toBe('application/json');
    expect(await saved.text()).toBe('{"traces":[]}');
    await user.click(within(files).getByRole('button', { name: 'Download trace-party-1.jsonl' }));
    expect(await within(files).findByRole('alert')).toHaveTextContent(
      'The file trace-party-1.jsonl has 31.0 MB.',
    );
    expect(blob).toHaveBeenCalledOnce();
  });

  it('says so when the link was not met or the seed was fixed', async () => {
    show({
      ...doneRun,
      linkVerdict: 'not met',
      spec: { ...doneRun.spec, seed: { kind: 'insecure', value: '1' } },
    });
    expect(await screen.findByText(/Link not met: /)).toBeVisible();
    expect(screen.getByRole('note', { name: 'What this run gives up' })).toHaveTextContent(
      'No privacy at all',
    );
  });

  it('runs again, forks, and downloads', async () => {
    const user = userEvent.setup();
    const { asked } = show();
    expect(await screen.findByRole('link', { name: 'Fork' })).toHaveAttribute(
      'href',
      `/new?fork=${doneRun.id}`,
    );
    const blob = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:run');
    blob.mockClear();
    await user.click(screen.getByRole('button', { name: 'Export' }));
    await user.click(await screen.findByRole('menuitem', { name: /Everything on this page/ }));
    expect(blob).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: 'Repeat' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/runs/r_next'));
    expect(asked.at(-1)).toEqual({ path: 'runs.create', input: doneRun.spec });
  });

  it('publishes a permalink and takes it back, also after a reload', async () => {
    const user = userEvent.setup();
    const published: { slug: string; path: string; contentHash: string; createdAt: string }[] = [];
    const answers: Answers = {
      'permalinks.create': () => {
        const slug = ['abc', 'def'][published.length] ?? 'more';
        const made = { slug, path: `/s/${slug}`, contentHash: 'f'.repeat(64) };
        published.push({ ...made, createdAt: '2026-11-22T19:00:00.000Z' });
        return made;
      },
      'permalinks.list': () => [...published],
      'permalinks.revoke': () => {
        published.length = 0;
        return { revokedAt: '2026-11-22T19:10:00.000Z' };
      },
    };
    const first = show(doneRun, answers);
    await user.click(await screen.findByRole('button', { name: 'Share' }));
    const address = `${window.location.origin}/s/abc`;
    expect(await screen.findByRole('textbox', { name: 'Permalink' })).toHaveValue(address);
    first.unmount();

    const { asked } = show(doneRun, answers);
    expect(await screen.findByRole('textbox', { name: 'Permalink' })).toHaveValue(address);
    await user.click(screen.getByRole('button', { name: /ends after 30 days/ }));
    await waitFor(() =>
      expect(asked).toContainEqual({
        path: 'permalinks.create',
        input: { runId: doneRun.id, expiresInDays: 30 },
      }),
    );
    published.length = 1;
    await user.click(screen.getAllByRole('button', { name: 'Take back' })[0] ?? document.body);
    expect(await screen.findByText('The permalink was taken back.')).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Permalink' })).toBeNull());
    expect(asked).toContainEqual({ path: 'permalinks.revoke', input: { slug: 'abc' } });
  });
});

describe('a run of two parties and a dealer', () => {
  it('tells online from offline, and the dealer from the parties', async () => {
    show(dealtRun);
    const numbers = await screen.findByLabelText('Headline numbers');
    expect(numbers).toHaveTextContent(/Online, a batch of 4\s*6\.21 s/);
    expect(numbers).toHaveTextContent(/Online \+ offline, a batch of 4\s*8\.31 s/);
    expect(numbers).toHaveTextContent(/Sent by the dealer, offline\s*345 MB/);
    const phases = await region('Phases table');
    const rows = within(phases)
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent);
    expect(rows).toEqual([
      'Online6.21\u00a0s420\u00a0MB01,204',
      'Offline2.10\u00a0s0345\u00a0MB–',
      'Both8.31\u00a0s420\u00a0MB345\u00a0MB1,204',
    ]);
    await open('Operations');
    expect(
      within(await region('Parties table')).getByRole('row', { name: /^dealer/ }),
    ).toHaveTextContent('1.38 GB');
  });

  it('compares the dealer and every link with the prediction', async () => {
    show(dealtRun);
    const panel = await region('Predicted and measured');
    for (const name of [/^Offline, dealer/, /^Link dealer → 0/, /^Link 0 → 1/, /^Link 1 → 0/]) {
      expect(within(panel).getByRole('row', { name })).toHaveTextContent('equal');
    }
  });

  it('shows where the dealer’s bytes go, which a run without one has no choice for', async () => {
    const user = userEvent.setup();
    const { unmount } = show(dealtRun);
    await open('Operations');
    const panel = await region('Where it goes');
    await user.click(within(panel).getByRole('radio', { name: 'Dealer' }));
    expect(within(panel).getByRole('img', { name: /^Bytes sent by the dealer/ })).toBeVisible();
    unmount();
    show();
    await open('Operations');
    expect(
      within(await region('Where it goes')).queryByRole('radio', { name: 'Dealer' }),
    ).toBeNull();
  });

  it('carries a warning on top when party 0 dealt to itself, also in a frozen copy', async () => {
    const insecure: RunDetail = {
      ...dealtRun,
      spec: {
        ...dealtRun.spec,
        protocol: { ...dealtRun.spec.protocol, correlations: 'insecureFirstParty' },
      },
      warnings: ['insecureFirstParty'],
    };
    const { unmount } = show(insecure);
    expect(await screen.findByRole('note', { name: 'What this run gives up' })).toHaveTextContent(
      'No privacy against party 0',
    );
    unmount();
    visit('/s/abc');
    renderApp(<Permalink slug="abc" />, {
      'permalinks.get': () => ({
        slug: 'abc',
        kind: 'run',
        run: insecure,
        contentHash: 'd41f'.repeat(16),
        createdAt: '2026-11-22T18:20:00.000Z',
      }),
    });
    expect(await screen.findByRole('note', { name: 'What this run gives up' })).toBeVisible();
    expect(
      screen.getByRole('link', { name: /who sees what, in additive\/crypten/ }),
    ).toHaveAttribute('href', '/learn/protocols#additive-crypten');
  });

  it('reads copies that were frozen before there were dealers', async () => {
    const { totalMs, dealerBytes, links, totalBytesSent, correlations, ...old } = headline;
    expect([totalMs.n, dealerBytes, Object.keys(links).length, correlations]).toEqual([
      8,
      0,
      6,
      null,
    ]);
    expect(totalBytesSent).toBeGreaterThan(0);
    const { dealer, warnings, ...oldRun } = doneRun;
    expect([dealer, warnings]).toEqual([null, []]);
    show({ ...oldRun, headline: old } as unknown as RunDetail);
    expect(await screen.findByLabelText('Headline numbers')).toHaveTextContent('742');
    await open('Operations');
    expect(await region('Parties table')).toHaveTextContent('593');
  });
});

describe('a run that stopped', () => {
  it.each([
    ['failed', 'It failed', 'Party 1 ended with signal SIGKILL.'],
    ['cancelled', 'It was cancelled', 'A visitor cancelled it.'],
    ['lost', 'Its worker or a party fell silent', 'No heartbeat for 15 s.'],
  ] as const)('%s: says why and how far it came', async (state, title, reason) => {
    show(runInState(state, reason));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(title);
    expect(alert).toHaveTextContent(reason);
    expect(screen.queryByLabelText('Headline numbers')).toBeNull();
    const rail = await screen.findByRole('list', { name: 'Stages' });
    expect(within(rail).getByText('Running').closest('li')).toHaveTextContent('stopped here');
  });

  it('that does not exist is said plainly', async () => {
    visit('/runs/nope');
    renderApp(<RunPage id="nope" />, {
      'runs.get': () => {
        throw new Error('there is no run nope.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no run nope.');
  });
});

describe('permalink', () => {
  beforeEach(() => visit('/s/abc'));

  it('shows the frozen run under a banner, and nothing that changes anything', async () => {
    const { asked } = renderApp(<Permalink slug="abc" />, {
      'permalinks.get': () => ({
        slug: 'abc',
        kind: 'run',
        run: doneRun,
        contentHash: 'd41f'.repeat(16),
        createdAt: '2026-11-22T18:20:00.000Z',
      }),
    });
    const banner = await region('Frozen copy');
    expect(banner).toHaveTextContent(/Frozen on 22 Nov 2026, 18:20 UTC, read-only/);
    expect(banner).toHaveTextContent('d41fd41fd4');
    expect(screen.getByLabelText('Headline numbers')).toBeVisible();
    await open('Files');
    expect(await region('Files')).toHaveTextContent('trace-party-2.jsonl');
    expect(
      screen.queryByRole('button', { name: /Repeat|Cancel|Share|Cite|Export|Download trace/ }),
    ).toBeNull();
    expect(screen.queryByRole('link', { name: 'Fork' })).toBeNull();
    // All only read: the copy itself, whether there is newer data, and what links of this installation begin with.
    expect(new Set(asked.map(({ path }) => path))).toEqual(
      new Set(['permalinks.get', 'permalinks.address', 'permalinks.newer']),
    );
  });

  it('that was taken back says so', async () => {
    renderApp(<Permalink slug="zzz" />, {
      'permalinks.get': () => {
        throw new Error('this link does not exist, or its owner has taken it back.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(/taken it back/);
  });
});

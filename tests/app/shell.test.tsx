import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { ProvenanceMark, provenanceWords } from '../../app/_components/provenance.tsx';
import { Shell } from '../../app/_components/shell.tsx';
import { StateBadge, stateWords } from '../../app/_components/state-badge.tsx';
import { contentSecurityPolicy } from '../../app/_lib/csp.ts';
import type { Provenance, RunState } from '../../server/api/schemas/run-view.ts';
import { renderApp, visit } from './render.tsx';

describe('shell', () => {
  it('marks the current place and offers a way past the bar', async () => {
    visit('/runs/r_1');
    renderApp(<Shell>content</Shell>);
    const [results] = screen.getAllByRole('link', { name: 'Results' });
    expect(results).toHaveAttribute('aria-current', 'page');
    expect(screen.getByRole('link', { name: 'Skip to content' })).toHaveAttribute(
      'href',
      '#content',
    );
    expect(await screen.findByText('idle')).toBeVisible();
  });

  it.each([
    [{ workers: 0, running: 0, queued: 2 }, 'no worker'],
    [{ workers: 1, running: 1, queued: 2 }, '1 running, 2 queued'],
  ])('says how busy the worker is', async (status, words) => {
    visit('/');
    renderApp(<Shell>content</Shell>, { 'system.status': () => status });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('names who is logged in, and leads a stranger to the login and back', async () => {
    visit('/results');
    const user = { id: 'u', name: 'Ada', role: 'runner' };
    const ada = renderApp(<Shell>content</Shell>, {
      'accounts.me': () => ({ accounts: true, user, quota: null }),
    });
    expect(await screen.findByRole('link', { name: 'Ada' })).toHaveAttribute('href', '/account');
    ada.unmount();
    renderApp(<Shell>content</Shell>, {
      'accounts.me': () => ({ accounts: true, user: null, quota: null }),
    });
    expect(await screen.findByRole('link', { name: 'Log in' })).toHaveAttribute(
      'href',
      '/login?next=%2Fresults',
    );
  });

  it('names nobody where there are no accounts', async () => {
    visit('/results');
    const { asked } = renderApp(<Shell>content</Shell>);
    expect(await screen.findByText('idle')).toBeVisible();
    expect(asked.some(({ path }) => path === 'accounts.me')).toBe(true);
    expect(screen.queryByText('this machine')).toBeNull();
    expect(screen.queryByRole('link', { name: 'Log in' })).toBeNull();
  });

  it('switches the theme', async () => {
    visit('/');
    const user = userEvent.setup();
    renderApp(<Shell>content</Shell>);
    await user.click(screen.getByRole('radio', { name: 'Dark' }));
    expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await user.click(screen.getByRole('radio', { name: 'Light' }));
    expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'light');
  });
});

describe('marks', () => {
  it.each(Object.keys(provenanceWords) as Provenance[])('%s has its word and a shape', (of) => {
    const { container } = renderApp(<ProvenanceMark of={of} />);
    expect(screen.getByText(provenanceWords[of].word)).toBeVisible();
    expect(container.querySelectorAll('svg > *').length).toBeGreaterThan(0);
  });

  it.each(Object.keys(stateWords) as RunState[])('state %s has its word', (state) => {
    renderApp(<StateBadge state={state} />);
    expect(screen.getByText(stateWords[state].word)).toBeVisible();
  });
});

describe('content security policy', () => {
  it('lets scripts run by nonce only, and nothing frame, post or connect elsewhere', () => {
    const policy = contentSecurityPolicy('abc', false);
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic'");
    expect(policy).toContain("style-src-elem 'self' 'nonce-abc'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toContain('unsafe-inline');
  });
});

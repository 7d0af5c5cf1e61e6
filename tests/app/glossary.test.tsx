/** The glossary: one meaning a word, linked from help texts; and the landing page of Learn. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { Term } from '../../app/_components/term.tsx';
import { firstSentence, glossary } from '../../app/_lib/glossary.ts';
import { LearnGlossary } from '../../app/learn/glossary/learn-glossary.tsx';
import LearnPage from '../../app/learn/page.tsx';
import { renderApp, visit } from './render.tsx';

const terms = glossary.flatMap((part) => [...part.terms]);

it('has each word and each id once, and a first sentence that stands alone', () => {
  const ids = [...terms.map(({ id }) => id), ...glossary.map(({ id }) => `part-${id}`)];
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(terms.map(({ word }) => word)).size).toBe(terms.length);
  for (const { text } of terms) {
    expect(firstSentence(text)).toMatch(/^[A-Z0-9].{20,}\.$/);
    expect(text).toMatch(/\.$/);
  }
});

it('is linked from a help text, the first sentence as a tip', () => {
  visit('/compare');
  renderApp(<Term id="bytes-sent">sent per party</Term>);
  const link = screen.getByRole('link', { name: 'sent per party' });
  expect(link).toHaveAttribute('href', '/learn/glossary#bytes-sent');
  expect(link).toHaveAttribute('title', 'Payload that one party sends.');
});

it('is filtered by its words and by what papers call them', async () => {
  visit('/learn/glossary');
  const user = userEvent.setup();
  const { container } = renderApp(<LearnGlossary />);
  for (const { id } of terms) expect(container.querySelector(`[id="${id}"]`)).not.toBeNull();
  await user.type(screen.getByRole('textbox', { name: 'Find a word' }), 'preprocessing');
  expect(screen.getByText('1 word found.')).toBeVisible();
  const part = screen.getByRole('region', { name: 'Costs and how they are counted' });
  expect(within(part).getByRole('link', { name: 'offline' })).toHaveAttribute('href', '#offline');
  expect(screen.queryByRole('region', { name: 'Secrets and parties' })).toBeNull();
});

it('every page that Learn leads to is there', () => {
  visit('/learn');
  renderApp(<LearnPage />);
  const links = screen.getAllByRole('link').map((link) => link.getAttribute('href') ?? '');
  expect(links.length).toBeGreaterThan(3);
  for (const href of links) {
    expect(existsSync(join(import.meta.dirname, '../../app', href, 'page.tsx')), href).toBe(true);
  }
});

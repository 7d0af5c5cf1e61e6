/** What the command palette knows without asking anybody: the pages, and what a preset or view becomes. Pure. */
import type { PublishedPermalink } from '../../../server/api/routers/permalinks/published.ts';
import type { SavedView } from '../../../server/api/schemas/results-view.ts';
import type { Catalog } from '../../../server/api/schemas/catalog-view.ts';

export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly href: string;
}

const page = (href: string, label: string, description: string): Entry => ({
  id: `page ${href}`,
  label,
  description,
  href,
});

export const pages: readonly Entry[] = [
  page('/', 'Home', 'One run to start, the newest result, the presets side by side'),
  page('/new', 'New run', 'Model, approximation, protocol, network, measurement'),
  page('/results', 'Results', 'All runs: find, select, export'),
  page('/compare', 'Compare', 'Runs next to each other'),
  page('/papers', 'Papers', 'Tables of MPCFormer, PUMA and MPCViT, cell by cell'),
  page(
    '/papers/side-by-side',
    'Papers side by side',
    'Three methods on one model, machine and network',
  ),
  page('/n', 'Notebooks', 'Texts with queries, charts, papers and runs in cells'),
  page('/s', 'Published links', 'Frozen copies, to copy or to take back'),
  page('/account', 'Account', 'Your role, quota, access keys and password'),
  page('/login', 'Log in', 'With a name and a password, where accounts are in use'),
  page('/admin', 'People', 'Accounts, roles and the audit log, for administrators'),
  page('/training', 'Training', 'Students and searched attention, their curves and their front'),
  page('/training/new', 'New training', 'Distill a student or search attention'),
  page('/learn', 'Learn', 'Protocols, networks, words'),
  page('/learn/protocols', 'Protocols', 'Who is trusted, what each sees, what operations cost'),
  page('/learn/networks', 'Networks', 'How a link is imposed and certified'),
  page(
    '/learn/approximations',
    'Approximations',
    'Functions in place of GELU, softmax, SiLU: error, domain, cost',
  ),
  page('/learn/models', 'Models', 'Checkpoints and shapes, where they come from, what they score'),
  page('/learn/calibration', 'Calibration', 'What was expected of runs, and what they took'),
  page('/learn/api', 'REST interface', 'Every address under /api/v1, with curl'),
  page('/learn/glossary', 'Glossary', 'What each word means, and which bytes are counted'),
];

export const comparisons: readonly Entry[] = [
  {
    id: 'compare done',
    label: 'Compare all finished runs',
    description: 'state:done',
    href: '/compare?q=state%3Adone',
  },
  {
    id: 'compare starred',
    label: 'Compare the starred runs',
    description: 'is:starred',
    href: '/compare?q=is%3Astarred',
  },
];

export const presetEntries = ({ presets }: Catalog): readonly Entry[] =>
  presets.map(({ id, title, description }) => ({
    id: `preset ${id}`,
    label: title,
    description,
    href: `/new?preset=${encodeURIComponent(id)}`,
  }));

export const viewEntries = (views: readonly SavedView[]): readonly Entry[] =>
  views.map(({ id, name, state }) => ({
    id: `view ${id}`,
    label: name,
    description: state.q === '' ? 'saved view of all runs' : `saved view, ${state.q}`,
    href: `/results?view=${encodeURIComponent(id)}`,
  }));

export const publishedEntries = (links: readonly PublishedPermalink[]): readonly Entry[] =>
  links.map(({ slug, path, kind, title }) => ({
    id: `link ${slug}`,
    label: title,
    description: `published ${kind}`,
    href: path,
  }));

/** Every word somewhere in label or description. */
export function fitting<T extends { readonly label: string; readonly description: string }>(
  entries: readonly T[],
  words: string,
): readonly T[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return entries.filter(({ label, description }) => {
    const text = `${label} ${description}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

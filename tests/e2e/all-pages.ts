/** Every page that stands by itself, with a word of its heading: the list that all walks share. */
export const allPages = [
  { path: '/', ready: 'Private Transformer inference' },
  { path: '/new', ready: 'Set up a run' },
  { path: '/results', ready: 'Results' },
  { path: '/compare', ready: 'Compare' },
  { path: '/s', ready: 'Published' },
  { path: '/papers', ready: 'Papers' },
  { path: '/papers/puma', ready: 'PUMA' },
  { path: '/papers/puma/findings', ready: 'What we found' },
  { path: '/papers/side-by-side', ready: 'Side by side' },
  { path: '/learn', ready: 'Learn' },
  { path: '/learn/protocols', ready: 'Protocols' },
  { path: '/learn/networks', ready: 'Networks' },
  { path: '/learn/glossary', ready: 'Glossary' },
  { path: '/learn/calibration', ready: 'Calibration' },
  { path: '/learn/api', ready: 'REST interface' },
] as const;

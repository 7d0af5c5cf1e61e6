/** What happy-dom lacks and Mantine needs, and jest-dom's matchers. plotly is replaced: its pictures
 * are tested as figures, and one test draws with the real one. */
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { loadCheck } from '../../app/_lib/use-check.ts';

vi.mock('../../app/_charts/load-plotly.ts', () => ({
  loadPlotly: async () => ({
    react: async (element: HTMLElement) => {
      element.classList.add('js-plotly-plot');
    },
    purge: () => {},
    toImage: async () => 'data:image/svg+xml,%3Csvg%2F%3E',
    Plots: { resize: () => {} },
    Fx: { hover: () => {}, unhover: () => {} },
  }),
}));

vi.mock('next/navigation', async () => {
  const { navigation } = await import('../app/navigation.ts');
  return {
    useRouter: () => ({ push: navigation.push, replace: navigation.push, prefetch: () => {} }),
    useSearchParams: () => new URLSearchParams(navigation.query),
    usePathname: () => navigation.path,
  };
});

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** Everything is in sight. */
class AllSeen implements IntersectionObserver {
  readonly root = null;
  readonly rootMargin = '';
  readonly scrollMargin = '';
  readonly thresholds = [];
  private readonly say: IntersectionObserverCallback;
  constructor(say: IntersectionObserverCallback) {
    this.say = say;
  }
  observe(target: Element): void {
    const entry = { isIntersecting: true, target } as unknown as IntersectionObserverEntry;
    this.say([entry], this);
  }
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }
}

window.matchMedia = (query: string): MediaQueryList => ({
  // A wide, light screen; an empty query matches always, as in a browser.
  matches: query === '' || query.includes('min-width'),
  media: query,
  onchange: null,
  addListener: () => {},
  removeListener: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
  dispatchEvent: () => false,
});
window.ResizeObserver = NoResizeObserver;
window.IntersectionObserver = AllSeen;
Element.prototype.scrollIntoView = () => {};

// A busy machine is not a failure.
vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 8_000 });
afterEach(cleanup);

// As after the first touch of the form.
await loadCheck();

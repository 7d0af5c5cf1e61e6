'use client';
/** Which table is shown and which cell is open, kept in the address: a sent link shows the same. */
import { usePathname, useSearchParams } from 'next/navigation';
import { useState } from 'react';

export interface PaperState {
  /** Null: the first table. */
  readonly table: string | null;
  /** Id of the open cell; null: none is. */
  readonly cell: string | null;
}

const read = (query: string): PaperState => {
  const parameters = new URLSearchParams(query);
  return { table: parameters.get('table'), cell: parameters.get('cell') };
};

const write = ({ table, cell }: PaperState): string => {
  const query = new URLSearchParams();
  if (table !== null) query.set('table', table);
  if (cell !== null) query.set('cell', cell);
  return query.toString();
};

export function usePaperState(): readonly [PaperState, (change: Partial<PaperState>) => void] {
  const path = usePathname();
  const query = useSearchParams().toString();
  const [seen, setSeen] = useState(query);
  const [state, setState] = useState(() => read(query));
  // A link on the page itself changes the address and nothing else.
  if (query !== seen) {
    setSeen(query);
    setState(read(query));
  }
  const change = (part: Partial<PaperState>): void => {
    const next = { ...state, ...part };
    setState(next);
    const text = write(next);
    window.history.replaceState(null, '', text === '' ? path : `${path}?${text}`);
  };
  return [state, change];
}

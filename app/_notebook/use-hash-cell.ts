'use client';
/** Addresses of cells: `#cell-runs` goes to the cell that is named so, also when it comes after the page. */
import { useEffect, useRef } from 'react';
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import { nameOf } from '../../server/api/schemas/notebook-kinds.ts';

/** What a cell is called in an address. */
export const cellWord = (cell: Cell): string => nameOf(cell) ?? cell.id;
export const cellAnchor = (cell: Cell): string => `cell-${cellWord(cell)}`;

/** Goes to the cell that the address names: once when the cells are there, and when the address changes. */
export function useHashCell(cells: readonly Cell[], onFound: (cell: Cell) => void): void {
  const latest = useRef({ cells, onFound });
  useEffect(() => {
    latest.current = { cells, onFound };
  });
  useEffect(() => {
    const go = (): void => {
      const word = decodeURIComponent(window.location.hash.slice(1));
      const cell = latest.current.cells.find((one) => cellAnchor(one) === word);
      if (cell === undefined) return;
      latest.current.onFound(cell);
      document.getElementById(word)?.scrollIntoView({ block: 'start' });
    };
    go();
    window.addEventListener('hashchange', go);
    return () => window.removeEventListener('hashchange', go);
  }, []);
}

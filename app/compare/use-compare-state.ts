'use client';
/** What is compared and how, kept in the address: reload, Back and a sent link show the same. */
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import {
  readCompare,
  writeCompare,
  type CompareState,
} from '../../server/api/schemas/compare-address.ts';

/** Longer addresses are not written: servers refuse them. */
const longestAddress = 12_000;

export function useCompareState(): readonly [
  CompareState,
  (change: Partial<CompareState>) => void,
] {
  const query = useSearchParams();
  const [state, setState] = useState(() => readCompare(new URLSearchParams(query.toString())));
  const change = (part: Partial<CompareState>): void => {
    const next = { ...state, ...part };
    setState(next);
    const address = `/compare${writeCompare(next)}`;
    if (address.length <= longestAddress) window.history.replaceState(null, '', address);
  };
  return [state, change];
}

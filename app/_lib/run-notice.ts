'use client';
/**
 * Tells that a run has ended to somebody who looks elsewhere: the page's title changes, and where it
 * was asked for and allowed, the browser shows a notification.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { endStates, type RunState } from '../../server/api/schemas/run-view.ts';

/** Where the wish to be told is kept: it holds for every run of this browser. */
const storageKey = 'parley-notify';

export type NoticeWish = 'unavailable' | 'off' | 'on' | 'denied';

const supported = (): boolean => typeof window !== 'undefined' && 'Notification' in window;

function readWish(): NoticeWish {
  if (!supported()) return 'unavailable';
  if (Notification.permission === 'denied') return 'denied';
  const asked = window.localStorage.getItem(storageKey) === 'on';
  return asked && Notification.permission === 'granted' ? 'on' : 'off';
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function changeWish(): Promise<void> {
  if (readWish() === 'on') window.localStorage.removeItem(storageKey);
  else if ((await Notification.requestPermission()) === 'granted') {
    window.localStorage.setItem(storageKey, 'on');
  }
  for (const listener of listeners) listener();
}

/** Whether a notification is wanted, and how to change that; asks the browser for leave first. */
export function useNoticeWish(): readonly [NoticeWish, () => void] {
  const wish = useSyncExternalStore<NoticeWish>(subscribe, readWish, () => 'unavailable');
  return [wish, () => void changeWish()];
}

interface Noticed {
  readonly id: string;
  readonly state: RunState;
  /** What the run is called. */
  readonly name: string;
  /** Its state in a word. */
  readonly word: string;
  /** "online 1.2 s, 93.8 %" of a run that is done; its reason else. */
  readonly outcome: string;
}

/** Watches one run while its page is open; null while it is not known. */
export function useRunNotice(run: Noticed | null): void {
  const before = useRef<{ id: string; state: RunState } | null>(null);
  useEffect(() => {
    if (run === null) return;
    const { id, state, name, word, outcome } = run;
    const was = before.current;
    before.current = { id, state };
    const ended =
      was !== null && was.id === id && !endStates.includes(was.state) && endStates.includes(state);
    if (!ended) return;
    document.title = `${word}: ${name} · Parley`;
    if (readWish() !== 'on') return;
    try {
      const notification = new Notification(`${word}: ${name}`, { body: outcome, tag: id });
      notification.addEventListener('click', () => window.focus());
    } catch {
      // Some browsers of phones have the class and refuse to construct it; the title has changed.
    }
  }, [run]);
}

/** The title while a run is under way: how far it is, and back when the page is left. */
export function useProgressTitle(text: string): void {
  useEffect(() => {
    const before = document.title;
    return () => {
      // The end of the run may have set another one by now.
      if (document.title.startsWith('(')) document.title = before;
    };
  }, []);
  useEffect(() => {
    document.title = text;
  }, [text]);
}

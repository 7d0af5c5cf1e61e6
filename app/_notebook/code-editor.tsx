'use client';
/**
 * A text field that becomes CodeMirror when that is loaded. Until then, and where it cannot be loaded,
 * it is a plain text area with the same text, keys and name.
 */
import { useMantineStyleNonce } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import classes from './notebook.module.css';

export type CodeLanguage = 'markdown' | 'javascript' | 'json' | 'text';

export interface CodeEditorProps {
  readonly value: string;
  readonly label: string;
  readonly language: CodeLanguage;
  readonly onChange: (value: string) => void;
  /** Escape: the cells have the keys again. */
  readonly onLeave: () => void;
  /** Shift and Enter: on to the next cell. */
  readonly onNext: () => void;
  /** Names that are offered while typing. */
  readonly words?: readonly string[];
  /** What a slash at the beginning of a line offers. */
  readonly slash?: (typed: string) => readonly SlashOffer[];
  /** One was chosen; the text without its line. */
  readonly onSlash?: (word: string, rest: string) => void;
}

interface SlashOffer {
  readonly word: string;
  readonly says: string;
}

interface Mounted {
  destroy(): void;
  setValue(value: string): void;
  focus(): void;
}

export function CodeEditor(props: CodeEditorProps) {
  const { value, label, language, onChange, onLeave, onNext, words = [] } = props;
  const place = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const mounted = useRef<Mounted | null>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const [isRich, setIsRich] = useState(false);
  const nonce = useMantineStyleNonce()?.() ?? '';

  useEffect(() => {
    let current = true;
    void import('./codemirror.ts')
      .then(({ mountEditor }) => {
        if (!current || place.current === null) return null;
        mounted.current = mountEditor(place.current, {
          value: latest.current.value,
          label,
          language,
          nonce,
          words: () => latest.current.words ?? [],
          slash: (typed) => latest.current.slash?.(typed) ?? [],
          onSlash: (word, rest) => latest.current.onSlash?.(word, rest),
          onChange: (text) => latest.current.onChange(text),
          onLeave: () => latest.current.onLeave(),
          onNext: () => latest.current.onNext(),
        });
        setIsRich(true);
        return null;
      })
      // The text area stays and does the same.
      .catch(() => null);
    return () => {
      current = false;
      mounted.current?.destroy();
      mounted.current = null;
    };
  }, [label, language, nonce]);

  useEffect(() => {
    mounted.current?.setValue(value);
  }, [value]);

  // The text area first; then CodeMirror, when it is no longer hidden.
  useEffect(() => {
    if (isRich) mounted.current?.focus();
    else area.current?.focus();
  }, [isRich]);

  // Without CodeMirror the offers stand below, and Enter takes the first.
  const lastLine = value.slice(value.lastIndexOf('\n') + 1);
  const offers = isRich ? [] : (props.slash?.(lastLine) ?? []);
  const take = (word: string): void =>
    props.onSlash?.(word, value.slice(0, value.length - lastLine.length));
  const [first] = offers;
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter' && !event.shiftKey && first !== undefined) take(first.word);
    else if (event.key === 'Escape') onLeave();
    else if (event.key === 'Enter' && event.shiftKey) onNext();
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.code}>
      <div ref={place} hidden={!isRich} />
      {!isRich && (
        <textarea
          ref={area}
          className={classes.area}
          aria-label={label}
          rows={Math.min(30, Math.max(3, value.split('\n').length))}
          value={value}
          spellCheck={language === 'markdown'}
          title={words.length === 0 ? undefined : `Names: ${words.join(', ')}`}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      )}
      {offers.length > 0 && (
        <ul className={classes.offers} aria-label="Cells to add">
          {offers.map(({ word, says }) => (
            <li key={word}>
              <button type="button" onClick={() => take(word)}>
                /{word}
              </button>{' '}
              {says}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

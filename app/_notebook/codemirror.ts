/** CodeMirror with the house's colours; loaded when a cell is edited for the first time. */
import {
  autocompletion,
  completeFromList,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { markdown } from '@codemirror/lang-markdown';
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';

export interface EditorOptions {
  readonly value: string;
  readonly label: string;
  readonly language: 'markdown' | 'javascript' | 'json' | 'text';
  /** Lets its style elements pass the page's policy. */
  readonly nonce: string;
  readonly words: () => readonly string[];
  /** What a slash at the beginning of a line offers; nothing where it is no text. */
  readonly slash: (typed: string) => readonly { readonly word: string; readonly says: string }[];
  /** One was chosen; the text without its line. */
  readonly onSlash: (word: string, rest: string) => void;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
  readonly onNext: () => void;
}

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--sheet)', fontSize: '14px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '2px' },
  '.cm-content': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    caretColor: 'var(--ink)',
    padding: '8px 4px',
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    {
      backgroundColor: 'var(--accent-soft)',
    },
  '.cm-tooltip': {
    backgroundColor: 'var(--sheet)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--sheet)',
  },
});

/** Which token of ours takes the place of a colour of the default style, which knows light grounds only. */
const tokens: Readonly<Record<string, string>> = {
  '#708': 'var(--accent)',
  '#219': 'var(--warn)',
  '#164': 'var(--warn)',
  '#a11': 'var(--good)',
  '#e40': 'var(--good)',
  '#940': 'var(--ink-soft)',
};

const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color, ...spec }) =>
    typeof color === 'string' ? { ...spec, color: tokens[color] ?? 'var(--ink)' } : spec,
  ),
);

const languages: Readonly<Record<EditorOptions['language'], () => Extension>> = {
  markdown,
  javascript,
  json: javascript,
  text: () => [],
};

/** Cells to add, where a line begins with a slash and has nothing else. */
function slashSource({ slash, onSlash }: EditorOptions) {
  return ({ state, pos }: CompletionContext): CompletionResult | null => {
    const line = state.doc.lineAt(pos);
    const items = slash(line.text);
    if (line.to !== pos || items.length === 0) return null;
    return {
      from: line.from,
      // What fits is known here; the editor would look for letters in the middle of words too.
      filter: false,
      options: items.map(({ word, says }) => ({
        label: `/${word}`,
        detail: says,
        type: 'keyword',
        apply: (view: EditorView) => {
          const now = view.state.doc;
          const here = now.lineAt(Math.min(line.from, now.length));
          const rest = now.sliceString(0, here.from) + now.sliceString(here.to);
          onSlash(word, rest);
        },
      })),
    };
  };
}

/** An editor in this element; its text follows `setValue` without losing the place of the cursor. */
export function mountEditor(parent: HTMLElement, options: EditorOptions) {
  const done = (action: () => void) => () => {
    action();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.value,
      extensions: [
        EditorView.cspNonce.of(options.nonce),
        Prec.highest(keymap.of([{ key: 'Shift-Enter', run: done(options.onNext) }])),
        history(),
        drawSelection(),
        bracketMatching(),
        autocompletion({
          override: [
            slashSource(options),
            (context) =>
              completeFromList(options.words().map((label) => ({ label, type: 'variable' })))(
                context,
              ),
          ],
        }),
        keymap.of([
          ...defaultKeymap.filter(({ key }) => key !== 'Escape'),
          ...historyKeymap,
          // Tab would be a trap for whoever has only the keyboard; Escape leaves the text.
          { key: 'Escape', run: done(options.onLeave) },
          indentWithTab,
        ]),
        languages[options.language](),
        syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': options.label }),
        look,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    destroy: () => view.destroy(),
    focus: () => view.focus(),
    setValue: (value: string) => {
      const now = view.state.doc.toString();
      if (now !== value) view.dispatch({ changes: { from: 0, to: now.length, insert: value } });
    },
  };
}

/** Who sends what to whom: the roles of a protocol as a small picture, with the same in words. */
import { useId } from 'react';
import classes from './protocols.module.css';

export type RoleSetting = 'three parties' | 'two parties and a dealer' | 'insecure first party';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  /** Colour token, the same as in the live view. */
  readonly tone: 'party-0' | 'party-1' | 'party-2' | 'dealer' | 'owner';
}

interface Arrow {
  readonly from: Place;
  readonly to: Place;
  readonly kind: 'shares' | 'openings' | 'corrections' | 'key';
  readonly both?: boolean;
}

interface Scene {
  readonly places: readonly Place[];
  readonly arrows: readonly Arrow[];
  readonly words: string;
}

const owner: Place = { x: 180, y: 30, name: 'owner', tone: 'owner' };
const left: Place = { x: 62, y: 128, name: 'party 0', tone: 'party-0' };
const right: Place = { x: 298, y: 128, name: 'party 1', tone: 'party-1' };
const below: Place = { x: 180, y: 206, name: 'party 2', tone: 'party-2' };
const dealer: Place = { x: 180, y: 206, name: 'dealer', tone: 'dealer' };
const selfDealer: Place = { ...left, name: 'party 0 = dealer' };

const scenes: Readonly<Record<RoleSetting, Scene>> = {
  'three parties': {
    places: [owner, left, right, below],
    arrows: [
      { from: owner, to: left, kind: 'shares', both: true },
      { from: owner, to: right, kind: 'shares', both: true },
      { from: owner, to: below, kind: 'shares', both: true },
      { from: left, to: right, kind: 'openings', both: true },
      { from: right, to: below, kind: 'openings', both: true },
      { from: below, to: left, kind: 'openings', both: true },
    ],
    words:
      'The owner sends each of three parties its components and receives the shares of the output. The parties send one another masked values, on all three links.',
  },
  'two parties and a dealer': {
    places: [owner, left, right, dealer],
    arrows: [
      { from: owner, to: left, kind: 'shares', both: true },
      { from: owner, to: right, kind: 'shares', both: true },
      { from: left, to: right, kind: 'openings', both: true },
      { from: dealer, to: left, kind: 'corrections' },
      { from: dealer, to: right, kind: 'key', both: true },
    ],
    words:
      'The owner sends each of two parties its half and receives the halves of the output. The parties open masked values to each other. Ahead of them the dealer sends party 0 what seeds cannot make; with party 1 it shares a key and sends nothing else.',
  },
  'insecure first party': {
    places: [owner, selfDealer, right],
    arrows: [
      { from: owner, to: selfDealer, kind: 'shares', both: true },
      { from: owner, to: right, kind: 'shares', both: true },
      { from: selfDealer, to: right, kind: 'openings', both: true },
    ],
    words:
      'The owner sends each of two parties its half. Party 0 also makes all masks, so that each opening shows it the value: there is no privacy against party 0.',
  },
};

const kindWords: Readonly<Record<Arrow['kind'], string>> = {
  shares: 'shares in, output shares back',
  openings: 'masked values, online',
  corrections: 'corrections, offline',
  key: 'a key, once',
};

export function RoleFigure({ setting }: { setting: RoleSetting }) {
  const id = useId();
  const { places, arrows, words } = scenes[setting];
  const kinds = [...new Set(arrows.map(({ kind }) => kind))];
  return (
    <figure className={classes.figure}>
      {/* A drawing in the page's own colours, which an img element cannot have. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <svg viewBox="0 0 360 232" role="img" aria-labelledby={`${id}-words`}>
        <defs>
          {kinds.map((kind) => (
            <marker
              key={kind}
              id={`${id}-${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto-start-reverse"
            >
              <path d="M0 0 8 4 0 8z" className={classes[`${kind}Head`]} />
            </marker>
          ))}
        </defs>
        {arrows.map(({ from, to, kind, both = false }) => {
          const [start, end] = [edge(from, to), edge(to, from)];
          const head = `url(#${id}-${kind})`;
          return (
            <line
              key={`${from.name} ${to.name}`}
              x1={start.x}
              y1={start.y}
              x2={end.x}
              y2={end.y}
              className={classes[kind]}
              markerEnd={head}
              {...(both ? { markerStart: head } : {})}
            />
          );
        })}
        {places.map((place) => (
          <g key={place.name} className={classes.place} data-tone={place.tone}>
            <rect
              x={place.x - widthOf(place) / 2}
              y={place.y - halfHeight}
              width={widthOf(place)}
              height={2 * halfHeight}
              rx={place.tone === 'owner' ? 3 : halfHeight}
            />
            <text x={place.x} y={place.y + 5} textAnchor="middle">
              {place.name}
            </text>
          </g>
        ))}
      </svg>
      <ul className={classes.legend} aria-hidden="true">
        {kinds.map((kind) => (
          <li key={kind}>
            <svg width="26" height="8" viewBox="0 0 26 8" focusable="false">
              <line x1="0" y1="4" x2="26" y2="4" className={classes[kind]} />
            </svg>
            {kindWords[kind]}
          </li>
        ))}
      </ul>
      <figcaption id={`${id}-words`}>{words}</figcaption>
    </figure>
  );
}

const halfHeight = 17;

function widthOf({ name }: Place): number {
  return name.length * 7.6 + 26;
}

/** Where the line from one place to another leaves its box, with a little air. */
function edge(from: Place, to: Place): { readonly x: number; readonly y: number } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const air = 6;
  const scale = Math.min(
    dx === 0 ? Infinity : (widthOf(from) / 2 + air) / Math.abs(dx),
    dy === 0 ? Infinity : (halfHeight + air) / Math.abs(dy),
  );
  return { x: from.x + dx * scale, y: from.y + dy * scale };
}

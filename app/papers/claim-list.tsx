/** Headline claims in own words, each with its verdict, the two numbers, and where it comes from. */
import Link from 'next/link';
import { asSentence, plural } from '../../server/api/schemas/format.ts';
import type { PaperClaim } from '../../server/api/schemas/papers.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import classes from './papers.module.css';
import { ClaimMark } from './verdict-mark.tsx';
import { cellAddress, cellValue } from './words.ts';

interface ClaimListProps {
  readonly claims: readonly PaperClaim[];
  /** With explanation and links; else words and verdict. */
  readonly full?: boolean;
}

export function ClaimList({ claims, full = false }: ClaimListProps) {
  return (
    <ul className={classes.claims} aria-label="Headline claims">
      {claims.map((claim) => (
        <li key={claim.id}>
          <div>
            <span>{asSentence(claim.words)}</span>
            {full && <ClaimNumbers claim={claim} />}
          </div>
          <ClaimMark of={claim.verdict} />
        </li>
      ))}
    </ul>
  );
}

function ClaimNumbers({ claim }: { readonly claim: PaperClaim }) {
  const { reported, found, provenance, unit, explanation, source, confidence } = claim;
  return (
    <div className={classes.claimMore}>
      {(reported !== null || found !== null) && (
        <p>
          {reported !== null && (
            <>
              <ProvenanceMark of="reported" /> {cellValue(reported, unit)}
            </>
          )}
          {found !== null && provenance !== null && (
            <>
              {' · '}
              <ProvenanceMark of={provenance} /> {cellValue(found, unit)}
            </>
          )}
        </p>
      )}
      <p>{explanation}</p>
      <Evidence cells={claim.cells} runIds={claim.runIds} />
      <p>
        Source: {source} ({confidence}).
      </p>
    </div>
  );
}

/** Above it the others are folded. */
const mostShown = 12;

const CellLinks = ({ ids }: { readonly ids: readonly string[] }) =>
  ids.map((id) => (
    <Link key={id} href={cellAddress(id) ?? '/papers'}>
      {id.split('.').slice(1).join(' · ')}
    </Link>
  ));

/** Links to cells and runs behind a sentence. */
export function Evidence({
  cells,
  runIds,
}: {
  readonly cells: readonly string[];
  readonly runIds: readonly string[];
}) {
  if (cells.length === 0 && runIds.length === 0) return null;
  const further = cells.slice(mostShown);
  return (
    <>
      <p className={classes.evidence}>
        <CellLinks ids={cells.slice(0, mostShown)} />
        {runIds.map((id) => (
          <Link key={id} href={`/runs/${id}`}>
            run {id}
          </Link>
        ))}
      </p>
      {further.length > 0 && (
        <details className={classes.further}>
          <summary>And {plural(further.length, 'more cell')}</summary>
          <p className={classes.evidence}>
            <CellLinks ids={further} />
          </p>
        </details>
      )}
    </>
  );
}

/** The link as it was asked for and as the probe found it. */
import Link from 'next/link';
import { unlimitedBitsPerSecond } from '../../server/api/schemas/network-limits.ts';
import type { LinkCheck } from '../../server/api/schemas/run-view.ts';
import { Verdict } from '../_components/state-badge.tsx';
import { formatBitRate, formatDuration, formatRoundTrip } from '../../server/api/schemas/format.ts';
import classes from './run-view.module.css';
import { Scroll } from '../_components/scroll.tsx';

interface LinkCheckProps {
  readonly check: LinkCheck;
  /** Where the whole certificate is; null where there is none to show. */
  readonly certificateHref?: string | null;
}

export function LinkCheckTable({ check, certificateHref = null }: LinkCheckProps) {
  const { asked, pairs, verdict, reasons, tolerance } = check;
  const unlimited = asked.bitsPerSecond >= unlimitedBitsPerSecond;
  const rate = unlimited ? 'no rate limit' : formatBitRate(asked.bitsPerSecond);
  const nothingAsked = unlimited && asked.rttMs === 0;
  return (
    <div>
      <p className={classes.lead}>
        {nothingAsked ? (
          <span>No rate and no delay was asked for: the link is only measured.</span>
        ) : (
          <>
            <Verdict ok={verdict === 'met'}>
              {verdict === 'met' ? 'Link met' : 'Link not met'}
            </Verdict>
            <span>
              asked {rate}, {formatRoundTrip(asked.rttMs)}; {tolerance}
            </span>
          </>
        )}
      </p>
      {reasons.length > 0 && (
        <ul className={classes.reasons}>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <Scroll label="Link check table">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Link</th>
              <th scope="col">RTT, median</th>
              <th scope="col">least</th>
              <th scope="col">99 %</th>
              <th scope="col">n</th>
              <th scope="col">Rate</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((pair) => (
              <tr key={pair.link}>
                <th scope="row">{pair.link.replace('>', ' → ')}</th>
                <td>{formatDuration(pair.rttMs.p50)}</td>
                <td>{formatDuration(pair.rttMs.min)}</td>
                <td>{formatDuration(pair.rttMs.p99)}</td>
                <td>{pair.rttMs.n}</td>
                <td>{formatBitRate(pair.bitsPerSecond)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {certificateHref !== null && (
        <p className={classes.quiet}>
          <Link href={certificateHref}>Link certificate</Link>: before and after the run, all links
          at once, signed.
        </p>
      )}
    </div>
  );
}

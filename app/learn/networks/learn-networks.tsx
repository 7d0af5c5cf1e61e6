'use client';
/** Learn > Networks: how a link is imposed, what goes wrong easily, and the settings of the papers. */
import Link from 'next/link';
import { formatBitRate, formatRoundTrip } from '../../../server/api/schemas/format.ts';
import { unlimitedBitsPerSecond } from '../../../server/api/schemas/network-limits.ts';
import type { Catalog } from '../../../server/api/schemas/catalog-view.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useCatalog } from '../../_lib/api.ts';
import { useBackends } from '../../_lib/api-networks.ts';
import tables from '../../_run/run-view.module.css';
import classes from '../protocols/learn.module.css';
import { SavedNetworks } from './saved-networks.tsx';
import styles from './networks.module.css';
import { traps } from './traps.ts';

const topologyWords = { pair: 'link each', nic: 'card each', shared: 'one queue' };

export function LearnNetworks() {
  const catalog = useCatalog();
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Networks</h1>
        <p>
          A run’s parties are processes that talk over sockets; rate and delay are imposed on them
          from outside the protocol. Before and after each run the links are measured over the run’s
          own connections, and the result is signed as its link certificate.
        </p>
      </header>
      <Backends />
      <Panel
        title="What goes wrong easily"
        note="Found in the scripts and threads of published systems, and what is done about each here."
      >
        <dl className={styles.traps}>
          {traps.map(({ trap, answer }) => (
            <div key={trap} className={styles.trap}>
              <dt>{trap}</dt>
              <dd>{answer}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      {catalog.data !== undefined && <SavedNetworks networks={catalog.data.networks} />}
      <Panel
        title="Settings of the papers"
        note="Reported by their sources unless marked as inferred; none of these numbers was measured here."
      >
        {catalog.data !== undefined ? (
          <Presets networks={catalog.data.networks.filter(({ basis }) => basis !== 'saved')} />
        ) : catalog.error !== null ? (
          <Failure
            title="The settings cannot be read"
            reason={catalog.error}
            retry={catalog.retry}
          />
        ) : (
          <Waiting what="the settings" height={600} />
        )}
      </Panel>
    </Stack>
  );
}

/** What the kernel backend is on the machine that answers. */
function KernelHere() {
  const kernel = useBackends().data?.find(({ id }) => id === 'kernel');
  if (kernel === undefined) return null;
  return kernel.why === null
    ? `On this machine it is ${kernel.engine}.`
    : `Not here: ${kernel.why}.`;
}

function Backends() {
  return (
    <Panel title="Who imposes the link">
      <div className={classes.words}>
        <p>
          <dfn>inline</dfn>, the usual one: the sender works out when its bytes would have left at
          the link’s rate, and stamps them; the receiver hands them over half a round trip later. It
          needs no privileges and can only ever be late, never early; every late frame is counted.
          TCP is as on a warm connection, or with slow start modelled.
        </p>
        <p>
          <dfn>kernel</dfn>: every role in a network namespace of its own, and the kernel’s real TCP
          between them, delayed by netem where the kernel has it, else by a small packet switch. If
          neither works here, the run is refused with the reason. <KernelHere />
        </p>
        <p>
          <dfn>none</dfn>: nothing is imposed; the links are only measured.
        </p>
        <p>
          A rate belongs to each direction of each pair (<i>pair</i>), to each role’s network card (
          <i>nic</i>), or to one queue for everything (<i>shared</i>), which is what <code>tc</code>{' '}
          on <code>lo</code> makes of a network.
        </p>
      </div>
    </Panel>
  );
}

function Presets({ networks }: { networks: Catalog['networks'] }) {
  return (
    <Scroll label="Settings of the papers">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Rate</th>
            <th scope="col">RTT</th>
            <th scope="col">Shared by</th>
            <th scope="col">Basis</th>
            <th scope="col" style={{ textAlign: 'left' }}>
              Source
            </th>
          </tr>
        </thead>
        <tbody>
          {networks.map(({ id, bitsPerSecond, rttMs, topology, basis, source, matrix }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={`/new?network=${id}`}>{id}</Link>
              </th>
              <td>
                {bitsPerSecond >= unlimitedBitsPerSecond
                  ? 'no limit'
                  : `${matrix === undefined ? '' : 'from '}${formatBitRate(bitsPerSecond)}`}
              </td>
              <td>
                {matrix === undefined ? '' : 'up to '}
                {formatRoundTrip(rttMs)}
              </td>
              <td>{topologyWords[topology]}</td>
              <td>{basis}</td>
              <td style={{ whiteSpace: 'normal', textAlign: 'left', minWidth: 220 }}>
                {source ?? 'this machine'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

'use client';
/** Every shortcut, by page, and the switch that turns those of one letter off. */
import { Kbd, Modal, Switch } from '@mantine/core';
import { useLetterKeysOn } from '../../_lib/use-letter-keys.ts';
import classes from './palette.module.css';

const groups: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [keys: readonly string[], what: string])[];
}[] = [
  {
    title: 'Everywhere',
    keys: [
      [['Ctrl or ⌘', 'K'], 'go to a page, run or preset, or do something'],
      [['?'], 'this list'],
    ],
  },
  {
    title: 'Results',
    keys: [
      [['/'], 'write a filter'],
      [['D'], 'only what differs'],
      [['1'], 'all runs; 2 to 9 the saved views'],
    ],
  },
  { title: 'Compare', keys: [[['T'], 'turn the table']] },
  {
    title: 'Charts',
    keys: [
      [['←', '→'], 'from value to value, read out'],
      [['Home', 'End'], 'first and last value'],
      [['Esc'], 'leave'],
    ],
  },
];

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, setOn] = useLetterKeysOn();
  return (
    <Modal
      lockScroll={false}
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ 'aria-label': 'Close the shortcuts' }}
    >
      <div className={classes.sheet}>
        {groups.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl className={classes.keys}>
              {keys.map(([caps, what]) => (
                <div key={what}>
                  <dt>
                    {caps.map((cap) => (
                      <Kbd key={cap} size="sm">
                        {cap}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Switch
          label="Shortcuts of a single key"
          description="Off for speech input, or where they are in the way. Kept in this browser."
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </div>
    </Modal>
  );
}

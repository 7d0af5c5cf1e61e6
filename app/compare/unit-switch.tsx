'use client';
/** The one unit switch: table, charts and exports follow it. */
import { NativeSelect, SegmentedControl } from '@mantine/core';
import {
  amounts,
  directions,
  directionWords,
  families,
  phaseWords,
  unitPhases,
  type CompareUnits,
} from '../../server/api/schemas/compare-units.ts';
import { Term } from '../_components/term.tsx';
import classes from './compare.module.css';

interface UnitSwitchProps {
  readonly units: CompareUnits;
  readonly onUnits: (units: CompareUnits) => void;
}

export function UnitSwitch({ units, onUnits }: UnitSwitchProps) {
  const change = (part: Partial<CompareUnits>): void => onUnits({ ...units, ...part });
  return (
    <fieldset className={classes.units}>
      <legend>Units</legend>
      <NativeSelect
        size="xs"
        aria-label="Bytes counted"
        value={units.direction}
        onChange={({ currentTarget: { value } }) =>
          change({ direction: directions.find((one) => one === value) ?? units.direction })
        }
        data={directions.map((value) => ({ value, label: directionWords[value] }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Phase"
        value={units.phase}
        onChange={(phase) => change({ phase })}
        data={unitPhases.map((value) => ({
          value,
          label: value === 'both' ? 'both' : phaseWords[value],
        }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Per"
        value={units.per}
        onChange={(per) => change({ per })}
        data={amounts.map((value) => ({ value, label: `per ${value}` }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Prefixes"
        value={units.family}
        onChange={(family) => change({ family })}
        data={families.map((value) => ({ value, label: value === 'decimal' ? 'GB' : 'GiB' }))}
      />
      <small className={classes.unitHelp}>
        <Term id="bytes-sent">{directionWords.sent}</Term>,{' '}
        <Term id="sent-and-received">sent + received</Term>,{' '}
        <Term id="total-bytes">all parties</Term>, <Term id="gb" />: what they count.
      </small>
    </fieldset>
  );
}

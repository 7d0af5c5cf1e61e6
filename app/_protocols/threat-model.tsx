/** A whole threat model: roles, collusion, what is public, revealed, given up, and can go wrong. */
import type { ReactNode } from 'react';
import type { ThreatModel } from '../../server/api/routers/learn/protocols.ts';
import { Scroll } from '../_components/scroll.tsx';
import { Notice } from '../_components/states.tsx';
import classes from './protocols.module.css';

interface ThreatModelProps {
  readonly model: ThreatModel;
  /** Level of its headings: one below the heading it stands under. */
  readonly level: 3 | 4;
  /** Whether all of it stands open from the start. */
  readonly open?: boolean;
}

export function ThreatModelText({ model, level, open = false }: ThreatModelProps) {
  const Heading = level === 3 ? 'h3' : 'h4';
  const part = (title: string, children: ReactNode) => (
    <div>
      <Heading className={classes.partTitle}>{title}</Heading>
      {children}
    </div>
  );
  const list = (items: readonly string[]) => (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
  const { collusion } = model;
  return (
    <div className={classes.threat}>
      {model.warning !== null && <Notice tone="bad">{model.warning}</Notice>}
      <p>{model.short}</p>
      <div className={classes.parts}>
        {part(
          'Who may pool what they hold',
          <p>
            {collusion.mayCollude === 0
              ? 'One role alone is too many. '
              : 'Nobody with anybody: each may be curious alone. '}
            {collusion.breaks}
          </p>,
        )}
        {part('What comes out wrong, unnoticed', list(model.numericalFailures))}
      </div>
      <details open={open}>
        <summary>Each role, what it holds and sees; what is public, revealed and given up</summary>
        <div className={classes.inside}>
          <Scroll label={`Roles of ${model.variant}`} className={classes.roles}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Role</th>
                  <th scope="col">Holds</th>
                  <th scope="col">Trusted with</th>
                  <th scope="col">Sees, if it is curious</th>
                </tr>
              </thead>
              <tbody>
                {model.roles.map(({ role, holds, trustedWith, sees }) => (
                  <tr key={role}>
                    <th scope="row">{role}</th>
                    <td data-label="Holds">{holds}</td>
                    <td data-label="Trusted with">{trustedWith}</td>
                    <td data-label="Sees, if it is curious">{list(sees)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          <div className={classes.parts}>
            {part('Against whom', <p>{model.adversary}</p>)}
            {part(
              'Revealed',
              <ul>
                {model.reveals.map(({ what, to, why }) => (
                  <li key={what}>
                    {what}, to the {to}: {why}
                  </li>
                ))}
              </ul>,
            )}
            {part('Public to all', list(model.public))}
            {part(
              'Given up by',
              <ul>
                {model.givesUp.map(({ when, what }) => (
                  <li key={when}>
                    <strong>{when}.</strong> {what}
                  </li>
                ))}
              </ul>,
            )}
          </div>
        </div>
      </details>
    </div>
  );
}

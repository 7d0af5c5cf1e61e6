/** The five words that everything else is built of, in plain sentences, with two pictures. */
import { Panel } from '../../_components/panel.tsx';
import { RoleFigure } from '../../_protocols/role-figure.tsx';
import classes from './learn.module.css';

export function Words() {
  return (
    <Panel title="In five words">
      <div className={classes.explained}>
        <div className={classes.words}>
          <p>
            A <dfn>share</dfn> is a piece of a secret number. Two parties hold <i>x</i>
            <sub>0</sub> and <i>x</i>
            <sub>1</sub>, drawn at random so that their sum is <i>x</i>, modulo 2<sup>64</sup>;
            either piece alone could belong to any number. With three parties there are three
            pieces, and each party holds two. Sums, and products with public numbers, are done on
            the pieces, by each party for itself, and cost nothing.
          </p>
          <p>
            A product of two secrets needs talk. The parties first hide each factor under a random
            number that nobody knows in full, and then make the difference public among themselves:
            that is an <dfn>opening</dfn>. What is opened is as random as the mask, so it says
            nothing, as long as each mask serves once. The masks and their own product, in shares,
            are a <dfn>correlation</dfn>. In protocols for two parties a <dfn>dealer</dfn> makes
            them, before the input is known and without ever seeing it: the offline phase. Three
            parties need no dealer, since for each mask there is a third party who can help. To{' '}
            <i>reveal</i> is something else: a meaningful value, here the logits, leaves secrecy for
            a stated reason.
          </p>
          <p>
            A <dfn>round</dfn> is all messages that need only earlier ones. Over a network with a
            long round trip the number of rounds decides how long a run takes, over a slow one the
            bytes do. A table gives two counts: in program order, where each operation waits for the
            one before it, as the named systems run; and overlapped, where independent work travels
            together, as runs here do.
          </p>
        </div>
        <div className={classes.figures}>
          <RoleFigure setting="three parties" />
          <RoleFigure setting="two parties and a dealer" />
        </div>
      </div>
    </Panel>
  );
}

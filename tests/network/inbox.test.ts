/** Inbox: who counts as having waited for a late frame, what the watch watches, and the end. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../server/engine/errors.ts';
import { monotonicMs } from '../../server/engine/clock.ts';
import { Inbox } from '../../server/network/inbox.ts';
import { LinkCounter } from '../../server/network/link-counter.ts';
import { SoftTimer } from '../../server/network/soft-timer.ts';

const payload = new Uint8Array(8);

function openInbox(receiveTimeoutMs = 5000, rttMs = 0) {
  const counter = new LinkCounter(rttMs);
  const timer = new SoftTimer(() => inbox.deliver());
  const inbox: Inbox = new Inbox({
    peer: 'party 1',
    counter,
    timer,
    receiveTimeoutMs,
    onTimeout: (error) => inbox.fail(error),
  });
  return { inbox, late: () => counter.read(1) };
}

describe('a late frame', () => {
  it('counts for who stood still for it, from when they began to wait', async () => {
    const { inbox, late } = openInbox();
    const dueMs = monotonicMs() - 200;
    const sinceMs = monotonicMs();
    const waiting = inbox.receive();
    await delay(10);
    inbox.arrived(payload, dueMs);
    await waiting;
    expect(late()).toMatchObject({ framesReceived: 1, framesLate: 1 });
    expect(late().worstLateMs).toBeGreaterThan(8);
    expect(late().worstLateMs).toBeLessThanOrEqual(monotonicMs() - sinceMs);
  });

  it('is one beyond what the certificate allows of one way, and adds to what is overdue in any case', async () => {
    const { inbox, late } = openInbox(5000, 4000);
    const dueMs = monotonicMs() + 5;
    const waiting = inbox.receive();
    await delay(25);
    inbox.arrived(payload, dueMs);
    await waiting;
    // 2.5 % of 4 s are 100 ms.
    expect(late()).toMatchObject({ framesLate: 0, worstLateMs: 0, overdue: { frames: 1 } });
    expect(late().overdue?.ms).toBeGreaterThan(15);
  });

  it('does not count when it was there already, or on a link that is not shaped', async () => {
    const { inbox, late } = openInbox();
    inbox.arrived(payload, monotonicMs() - 200);
    await inbox.receive();
    const waiting = inbox.receive();
    await delay(5);
    inbox.arrived(payload, 0);
    await waiting;
    expect(late()).toMatchObject({ framesReceived: 2, framesLate: 0, worstLateMs: 0 });
  });
});

describe('the watch', () => {
  it('goes on while the only frame is due later than its link explains', async () => {
    const { inbox } = openInbox(40);
    const startMs = monotonicMs();
    inbox.arrived(payload, startMs + 300_000, startMs + 30);
    await expect(inbox.receive()).rejects.toThrow(
      'party 1 stamped a frame later than its link explains, and it is not due 40 ms after that',
    );
    expect(monotonicMs() - startMs).toBeGreaterThanOrEqual(69);
  });

  it('does not count the time of the link itself, however long', async () => {
    const { inbox } = openInbox(20);
    const startMs = monotonicMs();
    inbox.arrived(payload, startMs + 90, startMs + 90);
    expect(await inbox.receive()).toBe(payload);
    expect(monotonicMs() - startMs).toBeGreaterThanOrEqual(90);
  });
});

it('takes nothing more once it has ended or failed', async () => {
  for (const how of ['end', 'fail'] as const) {
    const { inbox } = openInbox();
    inbox[how](new EngineError('channel', 'it is over'));
    inbox.arrived(payload, 0);
    await expect(inbox.receive()).rejects.toThrow('it is over');
  }
});

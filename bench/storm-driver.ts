import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { attacks, outcomes, type Outcome, type Target } from './storm-attacks.ts';

/** What the attackers' process is asked to do … */
export interface StormOrder {
  readonly target: Target;
  readonly requests: number;
  readonly seconds: number;
}

/** … and what it tells: hostile requests by attack and outcome. */
export interface StormReport {
  readonly sent: number;
  /** Seconds in which they were sent. */
  readonly took: number;
  readonly byAttack: Readonly<Record<string, Readonly<Record<Outcome, number>>>>;
}

/** Connections that are open at once at most: an attacker's machine has an end, too. */
const mostOpen = 3000;

/** Keeps to the rate whatever the answers take: attackers do not wait. A flow that is refused early has not sent the rest. */
const storm = async ({ target, requests, seconds }: StormOrder): Promise<StormReport> => {
  const byAttack = Object.fromEntries(
    attacks.map(({ name }) => [name, Object.fromEntries(outcomes.map((one) => [one, 0])) as Record<Outcome, number>]),
  );
  const lottery = attacks.flatMap((attack) => Array.from({ length: attack.share }, () => attack));
  const open = new Set<Promise<void>>();
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let begun = 0;
  let sent = 0;
  const start = (): void => {
    const attack = lottery[randomInt(lottery.length)];
    if (!attack) return;
    begun += 1;
    const running = attack.run(target).then((all) => {
      // What a flow has sent is known when it is over.
      sent += all.length - 1;
      begun += all.length - 1;
      const counts = byAttack[attack.name];
      if (counts) for (const one of all) counts[one] += 1;
    });
    sent += 1;
    open.add(running);
    void running.finally(() => open.delete(running));
  };
  while (performance.now() < end) {
    const due = ((performance.now() - begin) / (seconds * 1000)) * requests;
    for (let missing = due - begun; missing > 0 && open.size < mostOpen; missing--) start();
    await pause(5);
  }
  const took = (performance.now() - begin) / 1000;
  await Promise.all(open);
  return { sent, took, byAttack };
};

process.once('message', (order) => {
  // It lives on until it is let go, so that what it took can be read.
  void storm(order as StormOrder).then((report) => process.send?.(report));
});

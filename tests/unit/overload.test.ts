import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createMetrics, type Metrics } from '../../src/web/metrics.ts';
import type { Admission } from '../../src/web/overload/admission.ts';
import { createBudgets } from '../../src/web/overload/budgets.ts';
import { createOverload, type Overload } from '../../src/web/overload/overload.ts';
import { createRefuse } from '../../src/web/overload/refuse.ts';
import { overloadSettings } from '../../src/web/overload/settings.ts';
import { createShedding, lookInterval, ranks, type Rank } from '../../src/web/overload/shedding.ts';
import { freezeClock, resetClock, shiftClock } from '../support/clock.ts';

const limits = { known: 0.97, under_way: 0.9, stranger: 0.7, hasty: 0.4, untried: 0.5, excess: 0.4 };
const start = Date.UTC(2026, 10, 23);

afterEach(() => {
  jest.useRealTimers();
  resetClock();
});

describe('who is sent away', () => {
  const after = (busy: number, looks = 400) => {
    const shedding = createShedding(limits, () => busy);
    for (let i = 0; i < looks; i++) shedding.look();
    return shedding;
  };
  const losing = (busy: number): Rank[] => ranks.filter((rank) => after(busy).share(rank) > 0);

  test('nobody while there is time', () => {
    expect(losing(0.39)).toEqual([]);
    expect(after(0.39).active()).toBe(false);
  });

  test.each([
    [0.45, ['hasty', 'excess']],
    [0.6, ['hasty', 'untried', 'excess']],
    [0.8, ['stranger', 'hasty', 'untried', 'excess']],
    [0.95, ['under_way', 'stranger', 'hasty', 'untried', 'excess']],
    [1, [...ranks]],
  ])('at %d: %p', (busy, expected) => expect(losing(busy)).toEqual(expected));

  test('when the load rises, the lower a rank the more of it has gone', () => {
    const shedding = createShedding(limits, () => 1);
    for (let i = 0; i < 400; i++) {
      shedding.look();
      const [known = 0, underWay = 0, stranger = 0, , untried = 0, excess = 0] = ranks.map((rank) =>
        shedding.share(rank),
      );
      // One in ten programs passes at the worst.
      const order = [known, underWay, stranger, Math.max(untried, stranger), excess];
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test('one look at a busy process is no overload for those who are known or under way', () => {
    const shedding = after(1, 1);
    expect([shedding.share('known'), shedding.share('under_way'), shedding.share('stranger')]).toEqual([0, 0, 0]);
  });

  test('a share is spread evenly, and one in ten programs passes at the worst', () => {
    const shedding = after(1);
    expect(shedding.share('untried')).toBe(0.9);
    while (!shedding.admits('untried'));
    const passed = Array.from({ length: 40 }, (_, i) => (shedding.admits('untried') ? [i] : [])).flat();
    expect(passed).toHaveLength(4);
    expect(passed.slice(1).map((at, i) => at - (passed[i] ?? 0))).toEqual([10, 10, 10]);
    expect(Array.from({ length: 40 }, () => shedding.admits('stranger'))).not.toContain(true);
  });

  test('those who are inside lose nothing for what it costs to refuse a flood', () => {
    jest.useFakeTimers({ doNotFake: ['Date'] });
    const inCrowd = (each: Partial<Record<Rank, number>>) => {
      const shedding = createShedding(limits, () => 1);
      for (let i = 0; i < 200; i++) {
        jest.advanceTimersByTime(lookInterval);
        shedding.look();
        for (const rank of ranks) for (let n = 0; n < (each[rank] ?? 0); n++) shedding.admits(rank);
      }
      return shedding;
    };
    const flooded = inCrowd({ stranger: 700, known: 3, under_way: 3 });
    expect(ranks.map((rank) => flooded.share(rank))).toEqual([0, 0, 1, 1, 0.9, 1]);
    const theirs = inCrowd({ stranger: 20, known: 100, under_way: 50 });
    expect(theirs.share('known')).toBeGreaterThan(0.5);
    expect(theirs.share('under_way')).toBeGreaterThan(0.8);
  });

  test('nobody any more when there is time again', () => {
    let busy = 1;
    const shedding = createShedding(limits, () => busy);
    for (let i = 0; i < 100; i++) shedding.look();
    busy = 0.1;
    for (let i = 0; i < 12; i++) shedding.look();
    expect(shedding.active()).toBe(false);
  });
});

describe('budgets', () => {
  beforeEach(() => freezeClock(start));
  test('each has its own, and it fills again', () => {
    const budgets = createBudgets({ burst: 3, per_second: 2 });
    const spend = (who: string, times: number): boolean[] => Array.from({ length: times }, () => budgets.spend(who));
    expect(spend('a', 5)).toEqual([true, true, true, false, false]);
    expect(spend('b', 1)).toEqual([true]);
    shiftClock(1000);
    expect(spend('a', 3)).toEqual([true, true, false]);
    shiftClock(3600_000);
    expect(spend('a', 4)).toEqual([true, true, true, false]);
  });
});

describe('a request that is sent away', () => {
  const ask = (method: string, headers: Readonly<Record<string, string>>, url = '/auth'): IncomingMessage =>
    Object.assign(new IncomingMessage(new Socket()), { method, url, headers });
  interface Told {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: string;
  }
  const answerOf = (request: IncomingMessage, work: (response: ServerResponse) => void): Told => {
    const response = new ServerResponse(request);
    let told: Told = { status: 0, headers: {}, body: '' };
    response.writeHead = ((status: number, headers: Record<string, unknown>) => {
      told = { ...told, status, headers };
      return response;
    }) as typeof response.writeHead;
    response.end = ((body?: Buffer) => {
      told = { ...told, body: body?.toString() ?? '' };
      return response;
    }) as typeof response.end;
    work(response);
    return told;
  };
  const refuse = createRefuse(
    7,
    { environment: 'production', origin: 'https://id.example' },
    {
      problem: { title: 'unavailable', error: 'temporarily_unavailable' },
      leadsBack: (url) => (url === '/back' ? 'https://service.example/' : undefined),
    },
  );
  const sentAway = (method: string, headers: Readonly<Record<string, string>>): Told => {
    const request = ask(method, headers);
    return answerOf(request, (response) => refuse(request, response));
  };

  test('gets a page in both languages, which says when to come again', () => {
    const { status, headers, body } = sentAway('GET', { accept: 'text/html,*/*;q=0.8' });
    expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '7', 'no-store']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('max-age='),
    });
    expect(body).toContain('Gerade nicht erreichbar');
    expect(body).toMatch(/<section[^>]* lang="en">.*in 7 seconds.*<a class="kern-link" href>Try again<\/a>/s);
    expect(body).toContain('in 7 Sekunden');
    expect(body.length).toBeLessThan(3000);
  });

  test('whoever posted is told to go back, for the address alone would ask for something else', () => {
    const { headers, body } = sentAway('POST', { accept: 'text/html' });
    expect(body).toContain('Gehen Sie dann im Browser eine Seite zurück');
    expect(body).not.toContain('href>');
    expect(headers['connection']).toBe('close');
  });

  test('a form is read away, so that the browser reads the answer; a body that may be long is not', () => {
    const connectionAfter = (length: string): unknown =>
      sentAway('POST', { accept: 'text/html', 'content-length': length }).headers['connection'];
    expect(['0', '2000', '57344'].map(connectionAfter)).toEqual([undefined, undefined, undefined]);
    expect(['57345', 'x', '-'].map(connectionAfter)).toEqual(['close', 'close', 'close']);
  });

  test('programs get a problem that names the error of OAuth', () => {
    const { status, headers, body } = sentAway('POST', { accept: 'application/json' });
    expect([status, headers['retry-after'], headers['content-type']]).toEqual([503, '7', 'application/problem+json']);
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'unavailable',
      status: 503,
      error: 'temporarily_unavailable',
    });
    expect(sentAway('GET', {}).headers['content-type']).toBe('application/problem+json');
  });

  test('below /api an answer is of the API’s own form, whoever asks', () => {
    const request = ask('GET', { accept: 'text/html' }, '/api/letters/1');
    const { headers } = answerOf(request, (response) => refuse(request, response));
    expect(headers['content-type']).toBe('application/problem+json');
  });

  test('or goes to where it can go on without us', () => {
    const led = (method: string): Told => {
      const request = ask(method, { accept: 'text/html' }, '/back');
      return answerOf(request, (response) => refuse(request, response));
    };
    expect(led('GET')).toMatchObject({
      status: 303,
      headers: { location: 'https://service.example/', 'cache-control': 'no-store' },
      body: '',
    });
    expect(led('POST').status).toBe(503);
  });

  describe('is counted', () => {
    let busy: number;
    let logged: unknown[];
    let overload: Overload;
    let metrics: Metrics;
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['Date'] });
      freezeClock(start);
      busy = 0;
      logged = [];
      metrics = createMetrics();
      overload = createOverload({
        settings: overloadSettings.parse({ address: { burst: 100 } }),
        trustedProxies: [],
        environment: 'test',
        metrics,
        log: { warn: (...line) => void logged.push(line) },
        load: () => busy,
      });
    });
    afterEach(() => {
      overload.stop();
      jest.useRealTimers();
    });
    const admissionOf = (part: 'id' | 'mein-postfach'): Admission =>
      overload.admission({
        part,
        origin: 'https://id.example',
        problem: { title: 'unavailable' },
        forPrograms: /^\/api\//,
        holderOf: (cookie) => (cookie === 'known' || cookie === 'under_way' ? { rank: cookie, id: cookie } : undefined),
        services: { has: () => false },
      });
    const admits = (admission: Admission, cookie: string, url = '/auth'): boolean => {
      const request = ask('GET', { accept: 'text/html', cookie }, url);
      let admitted = false;
      answerOf(request, (response) => {
        admitted = admission.admits(request, response);
      });
      return admitted;
    };
    const many = (...request: Parameters<typeof admits>): number =>
      Array.from({ length: 20 }, () => admits(...request)).filter(Boolean).length;

    test('by part and rank, told in one line of each part, and never what has no rank', async () => {
      const [id, postfach] = [admissionOf('id'), admissionOf('mein-postfach')];
      expect(many(id, 'stranger')).toBe(20);
      busy = 0.85;
      jest.advanceTimersByTime(100 * lookInterval);
      // The first ten of a second are never too many, at whatever part.
      expect(many(id, 'stranger')).toBe(10);
      expect(many(id, 'stranger')).toBe(0);
      expect(many(postfach, 'stranger')).toBe(0);
      expect(many(id, 'known')).toBe(20);
      expect(many(postfach, 'under_way')).toBe(20);
      expect(many(id, '', '/health/live')).toBe(20);
      expect(id.admitsAs('hasty')).toBe(false);
      expect(logged).toEqual([
        ['requests_shed', { part: 'id', count: 1 }],
        ['requests_shed', { part: 'mein-postfach', count: 1 }],
      ]);
      const text = await metrics.read();
      expect(text).toContain('requests_shed_total{part="id",rank="stranger"} 30\n');
      expect(text).toContain('requests_shed_total{part="mein-postfach",rank="stranger"} 20\n');
      expect(text).toContain('requests_shed_total{part="id",rank="hasty"} 1\n');
      expect(text).toContain('requests_shed_share{rank="stranger"} 1\n');
      expect(text).toContain('requests_shed_share{rank="known"} 0\n');
    });

    test('and nobody is looked at any more once it has stopped', () => {
      busy = 1;
      overload.stop();
      jest.advanceTimersByTime(100 * lookInterval);
      expect(many(admissionOf('id'), 'stranger')).toBe(20);
    });
  });
});

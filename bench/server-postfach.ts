import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { runChild } from './child.ts';
import { createIssuer, issuer } from './issuer.ts';
import { product, type Task } from './world.ts';

const { createMeinPostfach } =
  await product<typeof import('../src/portal/mein-postfach/app.ts')>('portal/mein-postfach/app.js');
const { createSenderLoader } = await product<typeof import('../src/portal/mein-postfach/senders.ts')>(
  'portal/mein-postfach/senders.js',
);
const { meinPostfachSettings } = await product<typeof import('../src/portal/mein-postfach/settings.ts')>(
  'portal/mein-postfach/settings.js',
);
const { newLetterId } = await product<typeof import('../src/portal/mein-postfach/records/deliveries.ts')>(
  'portal/mein-postfach/records/deliveries.js',
);
type Tables = import('../src/portal/mein-postfach/records/tables.ts').PostfachTables;
const { openStores } = await product<typeof import('../src/storage/open.ts')>('storage/open.js');
const { listen } = await product<typeof import('../src/web/server.ts')>('web/server.js');
const { createMetrics } = await product<typeof import('../src/web/metrics.ts')>('web/metrics.js');
const { createOutbound } = await product<typeof import('../src/web/outbound.ts')>('web/outbound.js');
const { createLog } = await product<typeof import('../src/web/log.ts')>('web/log.js');

const full = 'full';
const inboxLetters = 10_000;

await runChild(async ({ folder, port }: Task) => {
  const senders = join(folder, 'senders');
  mkdirSync(senders, { recursive: true });
  const file = {
    sender: 'messung',
    authority: 'bayern',
    name: 'Messung',
    client_ids: ['messung'],
    letters_per_minute: 1_000_000,
  };
  writeFileSync(join(senders, 'messung.yaml'), JSON.stringify(file));
  const { fetch, token } = await createIssuer();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = randomBytes(32);
  const stores = await openStores<Tables>({ directory: join(folder, 'data'), part: 'mein-postfach', masterKey: key });
  const log = createLog({ least: 'warn' });
  const origin = `http://localhost:${port}`;
  const postfach = await createMeinPostfach({
    settings: meinPostfachSettings.parse({ origin, port }),
    stores,
    keys: { client: { ...(await exportJWK(privateKey)), kid: 'c' }, csrf: randomBytes(32), part: key },
    issuer,
    log,
    environment: 'test',
    fetch,
    metrics: createMetrics(),
    outbound: createOutbound({ allowSpecialUse: true }),
    senders: createSenderLoader({ directory: senders, variables: {}, production: false }),
    attachmentsDirectory: join(folder, 'attachments'),
  });
  const listening = await listen({ name: 'mein-postfach', ...postfach.listener, handler: postfach.handler, log });
  const { records } = postfach;
  let filled: Promise<void> | undefined;
  const fill = async (): Promise<void> => {
    const mailbox = await records.mailboxes.of(full);
    if (!mailbox) throw new Error('there is no mailbox');
    for (let i = 0; i < inboxLetters; i++)
      await records.deliveries.provide(mailbox, {
        letterId: newLetterId(Date.now()),
        sender: { id: `amt-${i % 20}`, authority: 'bayern', name: { de: `Amt ${i % 20}`, en: `Office ${i % 20}` } },
        messageId: randomUUID(),
        level: 'low',
        service: 'Messung',
        subject: `Bescheid ${i}`,
        content: { type: 'text', body: 'Sehr geehrte Damen und Herren. '.repeat(60) },
        reply: { allowed: false },
        attachments: [],
        deemedDelivery: { rule: 'none', days: 0 },
        providedAt: Date.now() + i,
        sha512: String(i),
        receipt: { content: {}, jws: '' },
      });
  };
  return {
    token: () => token(`${origin}/api`, 'postfach:deliver postfach:read'),
    async inbox() {
      filled ??= fill();
      await filled;
      const mailbox = await records.mailboxes.of(full);
      if (!mailbox) throw new Error('there is no mailbox');
      const [counts, page] = [
        await records.letters.counts(mailbox),
        await records.letters.list(mailbox, 'substantial', { folder: 'inbox', limit: 25 }),
      ];
      if (counts.inbox !== inboxLetters || page.letters.length !== 25)
        throw new Error('the inbox is not as it was filled');
    },
    async close() {
      await listening.close(0);
      await postfach.close();
      await stores.close();
    },
  };
});

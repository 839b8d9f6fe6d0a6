import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPerson, textOf } from '../support/browse.ts';
import { endAll, freshCheckout, ownPorts, run, type PortSettings, type Run } from '../support/process.ts';

let checkout: ReturnType<typeof freshCheckout>;
let ports: PortSettings;
let started: Run;

beforeEach(async () => {
  checkout = freshCheckout();
  ports = await ownPorts();
  started = run('npm', ['run', 'dev'], { cwd: checkout.directory, env: { ...ports.env, NODE_ENV: undefined } });
});
afterEach(async () => {
  await endAll([started]);
  checkout.remove();
});

const change = (path: string, edit: (text: string) => string): void => {
  const file = join(checkout.directory, path);
  const before = readFileSync(file, 'utf8');
  const after = edit(before);
  if (after === before) throw new Error(`nothing to change in ${path}`);
  writeFileSync(file, after);
};

const styleSheet = async (): Promise<string> => {
  const page = await createPerson().visit(ports.portal);
  const address = /href="([^"]+\/site\.css)"/.exec(page.body)?.[1] ?? '';
  return (await fetch(new URL(address, ports.portal))).text();
};

test('npm run dev: a change of source, style sheet or settings is in force after a restart; what does not compile is told', async () => {
  const ready = 'is ready';
  await started.says(ready);
  const words = 'src/portal/bayern-portal/i18n/de.tsx';
  const heading = /heading: '([^']+)'/.exec(readFileSync(join(checkout.directory, words), 'utf8'))?.[1] ?? '';
  expect(textOf(await createPerson().visit(ports.portal))).toContain(heading);

  change(words, (text) => text.replace(`heading: '${heading}'`, "heading: 'Neu geschrieben'"));
  await started.says(ready, 2);
  expect(textOf(await createPerson().visit(ports.portal))).toContain('Neu geschrieben');

  change('src/web/assets/site.css', (text) => `${text}\n.neu { color: #123456 }\n`);
  await started.says(ready, 3);
  expect(await styleSheet()).toContain('#123456');

  change('config/bayern-id.yaml', (text) => text.replace('  port: 3000', '  port: 3000\n  prot: 3000'));
  await started.says('bayern-id.yaml:10:3: error: id.prot: unknown key; did you mean "port"?');
  change('config/bayern-id.yaml', (text) => text.replace('\n  prot: 3000', ''));
  await started.says(ready, 4);

  change(words, (text) => `${text}\nconst half = {\n`);
  await started.says(/i18n\/de\.tsx\(\d+,\d+\): error TS\d+: /);
  change(words, (text) => text.replace('\nconst half = {\n', ''));
  await started.says(ready, 5);
  expect(textOf(await createPerson().visit(ports.portal))).toContain('Neu geschrieben');
});

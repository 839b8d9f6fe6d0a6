import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { formatFinding } from '../../src/config/report.ts';
import { ClientRefused } from '../../src/id/clients/client.ts';
import { createClientLoader, type ClientSet, type LoadedClients } from '../../src/id/clients/load.ts';
import { createClientReload, type ClientReload } from '../../src/id/clients/reload.ts';
import { silentLog } from '../../src/web/log.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { makeClientFolder, shortFile, type ClientFolder } from '../support/client-files.ts';

let folder: ClientFolder;
let reload: ClientReload;
/** The reason for which the provider refuses `b-dienst`. */
let fault: string | undefined;
let inForce: ClientSet | undefined;
beforeEach(async () => {
  folder = makeClientFolder();
  fault = undefined;
  inForce = undefined;
  folder.write('authorities/bayern.yaml', ['name: Bayern', 'client_names: any', 'client_id_prefix: ""', 'hosts: any']);
  folder.write('clients/a.yaml', shortFile('a-dienst'));
  const loader = createClientLoader({ directory: folder.path, variables: {}, env: {}, production: true });
  const first = await loader.load();
  if (!first.set) throw new Error(first.findings.map(formatFinding).join());
  reload = createClientReload({
    loader,
    first: first as LoadedClients & { readonly set: ClientSet },
    swap(set) {
      if (fault !== undefined && set.clients.has('b-dienst'))
        return Promise.reject(new ClientRefused('b-dienst', fault));
      inForce = set;
      return Promise.resolve();
    },
    record: () => {},
    log: silentLog,
    metrics: createMetrics(),
    interval: 60_000,
    poll: 60_000,
  });
});
afterEach(async () => {
  await reload.close();
  folder.close();
});

test('SC-05: what our own check lets pass and the provider does not keeps the old set, and its file is named', async () => {
  fault = 'grant_types can only contain what nobody knows';
  folder.write('clients/b.yaml', shortFile('b-dienst'));
  const { set, findings } = await reload.now();
  expect([set, inForce]).toEqual([undefined, undefined]);
  expect(findings.map((finding) => formatFinding(finding).slice(folder.path.length + 1))).toEqual([
    `clients/b.yaml:1:1: error: ${fault}`,
  ]);
  expect(reload.state()).toMatchObject({ state: 'refused', findings: [expect.stringContaining(fault)] });
  fault = undefined;
  expect((await reload.now()).set?.clients.has('b-dienst')).toBe(true);
  expect(inForce?.clients.has('b-dienst')).toBe(true);
  expect(reload.state()).toMatchObject({ state: 'in_force', findings: [] });
});

test('a file that exhausts the parser is a finding like any other', async () => {
  folder.write('clients/b.yaml', [
    `purpose: &a [${'x,'.repeat(9)}]`,
    `scope: &b [${'*a,'.repeat(9)}]`,
    `sector: [${'*b,'.repeat(9)}]`,
  ]);
  await reload.now();
  expect(reload.state()).toMatchObject({ state: 'refused', findings: [expect.stringContaining('clients/b.yaml:1:1')] });
  expect(inForce).toBeUndefined();
});

import './realm.ts';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { EidPort } from '../../src/id/authentication/eid/port.ts';
import { makeProductionSecrets } from '../../src/secrets.ts';
import { settings as schema, unfitForProduction } from '../../src/settings.ts';
import { createLog } from '../../src/web/log.ts';
import { freePort } from './free-port.ts';

export interface ProductionId {
  readonly issuer: string;
  /** Every line that was logged. */
  readonly log: readonly string[];
  /** As the proxy in front of it would ask. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  stop(): Promise<void>;
}

const noEid: EidPort = {
  start: () => Promise.reject(new Error('no eID-Server')),
  fetchResult: () => Promise.reject(new Error('no eID-Server')),
  info: () => Promise.reject(new Error('no eID-Server')),
  close: () => undefined,
};

/** Bayern-ID alone, with the shipped configuration of production and secrets as an operator would have made them. */
export const startProductionId = async (): Promise<ProductionId> => {
  const home = mkdtempSync(join(tmpdir(), 'bayern-id-production-'));
  cpSync('config', join(home, 'config'), { recursive: true });
  makeProductionSecrets(join(home, 'data'));
  const port = await freePort();
  const env = {
    NODE_ENV: 'production',
    BAYERN_ID__ID__PORT: String(port),
    // Two test files at once must not fight about the one port.
    BAYERN_ID__WEB__MONITORING_PORT: '0',
    BAYERN_ID__STORAGE__DIRECTORY: join(home, 'data'),
    BAYERN_ID__WEB__TRUSTED_PROXIES: '[127.0.0.1/32]',
    BAYERN_ID__ID__MAIL__SMTP__HOST: 'localhost',
    BAYERN_ID__ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
  };
  const settings = loadSettings(join(home, 'config'), schema, env);
  const unfit = unfitForProduction(settings);
  if (unfit.length > 0) throw new Error(unfit.join('\n'));
  const log: string[] = [];
  const app = await startApp({
    settings,
    configDirectory: join(home, 'config'),
    production: true,
    parts: ['id'],
    env,
    log: createLog({ least: 'debug', write: (line) => log.push(line) }),
    eid: noEid,
  });
  const { host } = new URL(settings.id.issuer);
  return {
    issuer: settings.id.issuer,
    log,
    get: (path) =>
      new Promise((resolve, reject) => {
        const headers = { host, accept: 'text/html' };
        request({ host: '127.0.0.1', port, path, headers }, (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (text: string) => (body += text));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        })
          .on('error', reject)
          .end();
      }),
    async stop() {
      await app.close(0);
      rmSync(home, { recursive: true, force: true });
    },
  };
};

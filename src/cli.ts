#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { clientVariables, partNames, startApp, type App, type PartName } from './app.ts';
import { environmentOf, loadSettings } from './config/load.ts';
import { ConfigError, formatFinding } from './config/report.ts';
import { citizenCommand, citizenUsage } from './cli/citizen.ts';
import { Misunderstood, type CommandContext } from './cli/context.ts';
import { keysCommand, keysUsage } from './cli/keys.ts';
import { logoutNoticesCommand, logoutNoticesUsage } from './cli/logout-notices.ts';
import { switchCommand, switchUsage } from './cli/switch.ts';
import { writeSchemas } from './schemas.ts';
import { loadClients } from './id/clients/load.ts';
import { settings as settingsSchema, unfitForProduction, type Settings } from './settings.ts';
import { startTable } from './start-table.ts';
import { createLog } from './web/log.ts';

const configDirectory = 'config';

const usage = `bayern-id serve all|${partNames.join('|')}   start parts
bayern-id health [part]            ask a running part whether it is ready; 0 or 1
bayern-id check [--format json]   check config/ without starting anything
bayern-id schema                  write config/schema/*.json
${[keysUsage, citizenUsage, switchUsage, logoutNoticesUsage].join('\n')}`;

/** What operators do beside the running servers. */
const operatorCommands: Readonly<
  Record<string, (args: readonly string[], context: CommandContext) => Promise<number>>
> = {
  keys: keysCommand,
  citizen: citizenCommand,
  switch: switchCommand,
  'logout-notices': logoutNoticesCommand,
};

const operate = async (
  command: (args: readonly string[], context: CommandContext) => Promise<number>,
  args: readonly string[],
  production: boolean,
): Promise<number> => {
  const settings = load(production);
  try {
    return await command(args, {
      settings,
      production,
      clientIds: () => [
        ...(loadClients(configDirectory, clientVariables(settings), process.env).set?.clients.keys() ?? []),
      ],
      print: (line) => console.log(line),
    });
  } catch (error) {
    if (!(error instanceof Misunderstood)) throw error;
    console.error(error.message);
    return 2;
  }
};

/** A start that fails says why in one line; a stack trace would hide it. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  const { message, code } = error as NodeJS.ErrnoException;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
};

const load = (production: boolean): Settings => {
  const settings = loadSettings(configDirectory, settingsSchema, process.env);
  const unfit = production ? unfitForProduction(settings) : [];
  if (unfit.length > 0) throw new Error(`not fit for production:\n${unfit.map((line) => `  ${line}`).join('\n')}`);
  return settings;
};

/** Ends the process once, when asked to; a second signal while draining changes nothing. */
const untilSignal = async (app: App): Promise<void> => {
  const hangup = (): void => void app.reloadClients();
  process.on('SIGHUP', hangup);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
  process.off('SIGHUP', hangup);
  await app.close();
};

const serve = async (names: readonly string[], production: boolean): Promise<number> => {
  const unknown = names.find((name) => name !== 'all' && !(partNames as readonly string[]).includes(name));
  if (names.length === 0 || unknown !== undefined) {
    console.error(unknown === undefined ? usage : `unknown part "${unknown}"\n${usage}`);
    return 2;
  }
  const everything = names.includes('all');
  if (everything && production)
    throw new Error('serve all is for development: in production each part is started by its name');
  const settings = load(production);
  const parts = everything ? partNames : (names as readonly PartName[]);
  const severity = production ? 'info' : 'warn';
  const app = await startApp({
    settings,
    configDirectory,
    production,
    parts,
    env: process.env,
    log: createLog({ least: severity }),
  });
  console.log(everything ? startTable(app, process.uptime()) : JSON.stringify({ event: 'started', ...app.addresses }));
  await untilSignal(app);
  return 0;
};

const check = (production: boolean, json: boolean): number => {
  const settings = load(production);
  const { findings, set } = loadClients(configDirectory, clientVariables(settings), process.env);
  if (json) console.log(JSON.stringify(findings));
  else {
    for (const finding of findings) console.log(formatFinding(finding));
    console.log(
      set
        ? `${set.clients.size} clients of ${set.authorities.size} authorities: no error`
        : 'the client files are not usable',
    );
  }
  return set ? 0 : 1;
};

/** For probes inside a container: asks on loopback, under the name that the part is known by. */
const health = async (part: string, production: boolean): Promise<number> => {
  const settings = load(production);
  const asked = {
    id: { origin: settings.id.issuer, port: settings.id.port },
    'bayern-portal': settings.bayern_portal,
    fuehrungszeugnis: settings.fuehrungszeugnis,
  }[part];
  if (!asked) {
    console.error(usage);
    return 2;
  }
  const { host } = new URL(asked.origin);
  const send = settings.web.tls ? requestTls : request;
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port: asked.port,
      path: '/health/ready',
      headers: { host },
      servername: new URL(asked.origin).hostname,
      rejectUnauthorized: false,
      timeout: 2500,
    };
    const asking = send(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? 0 : 1);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(1));
    asking.end();
  });
};

const schemas = (): number => {
  const folder = join(configDirectory, 'schema');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(writeSchemas())) writeFileSync(join(folder, `${name}.json`), text);
  return 0;
};

/** @returns the exit code: 0 done, 1 refused, 2 not understood. */
export const runCli = async (args: readonly string[]): Promise<number> => {
  const [command, ...rest] = args;
  const production = environmentOf(process.env) === 'production';
  const operator = operatorCommands[command ?? ''];
  try {
    if (operator) return await operate(operator, rest, production);
    switch (command) {
      case 'serve':
        return await serve(rest, production);
      case 'check':
        return check(production, rest.join(' ') === '--format json');
      case 'health':
        return await health(rest[0] ?? 'id', production);
      case 'schema':
        return schemas();
      default:
        console.error(usage);
        return 2;
    }
  } catch (error) {
    console.error(`bayern-id: ${explain(error)}`);
    return 1;
  }
};

if (import.meta.main) process.exitCode = await runCli(process.argv.slice(2));

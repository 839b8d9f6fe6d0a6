#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clientVariables } from './client-variables.ts';
import { environmentOf, loadSettings } from './config/load.ts';
import { ConfigError, type Finding } from './config/report.ts';
import { auditCommand, auditUsage } from './cli/audit.ts';
import { backupCommand, backupUsage, restoreCommand } from './cli/backup.ts';
import { checkConfiguration } from './cli/check.ts';
import { newClient } from './cli/client-new.ts';
import { citizenCommand, citizenUsage } from './cli/citizen.ts';
import { Misunderstood, type CommandContext } from './cli/context.ts';
import { keysCommand, keysUsage } from './cli/keys.ts';
import { migrateCommand, migrateUsage } from './cli/migrate.ts';
import { logoutNoticesCommand, logoutNoticesUsage } from './cli/logout-notices.ts';
import { paymentsCommand, paymentsUsage } from './cli/payments.ts';
import { securityEventsCommand, securityEventsUsage } from './cli/security-events.ts';
import { serveCommand, serveUsage } from './cli/serve.ts';
import { switchCommand, switchUsage } from './cli/switch.ts';
import { createFilesLoader } from './client-files.ts';
import { writeSchemas } from './schemas.ts';
import { settings as settingsSchema, unfitForProduction, type Settings } from './settings.ts';

const configDirectory = 'config';

const usage = `${serveUsage}
bayern-id health [part]           ask the parts that run here, or one of them, whether they are ready; 0 or 1
bayern-id check [--format json] [--without-secrets] [--against <folder>] [folder]
                                  check config/ without starting anything; with the folder that is in force, what would
                                  change
bayern-id client new              ask a few questions and write a client's file
bayern-id schema                  write config/schema/*.json
${[keysUsage, citizenUsage, switchUsage, paymentsUsage, auditUsage, backupUsage, migrateUsage, logoutNoticesUsage, securityEventsUsage].join('\n')}`;

/** What operators do beside the running servers. */
const operatorCommands: Readonly<
  Record<string, (args: readonly string[], context: CommandContext) => Promise<number>>
> = {
  keys: keysCommand,
  citizen: citizenCommand,
  switch: switchCommand,
  payments: paymentsCommand,
  audit: auditCommand,
  backup: backupCommand,
  restore: restoreCommand,
  migrate: migrateCommand,
  'logout-notices': logoutNoticesCommand,
  'security-events': securityEventsCommand,
};

const operate = async (
  command: (args: readonly string[], context: CommandContext) => Promise<number>,
  args: readonly string[],
  production: boolean,
): Promise<number> => {
  const settings = load(production);
  return command(args, {
    settings,
    production,
    configDirectory,
    async clientIds() {
      const variables = clientVariables(settings);
      const loader = createFilesLoader(settings, {
        directory: configDirectory,
        variables,
        env: process.env,
        production,
      });
      return [...((await loader.load()).set?.clients.keys() ?? [])];
    },
    print: (line) => console.log(line),
  });
};

/** A start that fails says why in one line; a stack trace would hide it. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  const { message, code } = error as NodeJS.ErrnoException;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
};

const load = (production: boolean, overlay?: string): Settings => {
  const settings = loadSettings(configDirectory, settingsSchema, process.env, overlay);
  const unfit = production ? unfitForProduction(settings) : [];
  if (unfit.length > 0) throw new Error(`not fit for production:\n${unfit.map((line) => `  ${line}`).join('\n')}`);
  return settings;
};

const check = async (production: boolean, args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { format: { type: 'string' }, 'without-secrets': { type: 'boolean' }, against: { type: 'string' } },
  });
  if (values.format !== undefined && values.format !== 'json') throw new Error('check: the one --format is json');
  const directory = positionals[0] ?? configDirectory;
  return checkConfiguration({
    directory,
    production,
    env: process.env,
    json: values.format === 'json',
    withoutSecrets: values['without-secrets'] === true,
    ...(values.against === undefined ? {} : { against: values.against }),
    settings: (directory) => {
      const settings = loadSettings(directory, settingsSchema, process.env);
      const unfit = production ? unfitForProduction(settings) : [];
      const about = (line: string): Finding => {
        const [, key = '', message = line] = /^([\w.]+): (.*)$/s.exec(line) ?? [];
        return { file: join(directory, 'bayern-id.yaml'), line: 1, column: 1, key, message, severity: 'error' };
      };
      return {
        findings: unfit.map(about),
        variables: clientVariables(settings),
        senders: settings.mein_postfach.senders,
        originators: settings.bezahlsystem.originators,
        providers: Object.keys(settings.bezahlsystem.providers),
        all: settings,
      };
    },
    print: (line) => console.log(line),
  });
};

const client = async (production: boolean, args: readonly string[]): Promise<number> => {
  if (args.join(' ') !== 'new') {
    console.error(usage);
    return 2;
  }
  return newClient({
    directory: configDirectory,
    variables: clientVariables(load(production)),
    env: process.env,
    production,
    input: process.stdin,
    output: process.stdout,
    interactive: process.stdin.isTTY,
  });
};

/** 0 ready, 1 not ready, undefined: nothing listens there. */
const ask = (origin: string, port: number, overTls: boolean): Promise<0 | 1 | undefined> =>
  new Promise((resolve) => {
    const { host, hostname } = new URL(origin);
    const options = {
      host: '127.0.0.1',
      port,
      path: '/health/ready',
      headers: { host },
      servername: hostname,
      rejectUnauthorized: false,
      timeout: 2500,
    };
    const asking = (overTls ? requestTls : request)(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? 0 : 1);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? undefined : 1));
    asking.end();
  });

/**
 * For probes inside a container: asks on loopback, under the name that the part is known by. Without a name every part
 * that listens here has to be ready: a container need not be told which one it is.
 */
const health = async (part: string | undefined, production: boolean): Promise<number> => {
  const settings = load(production);
  const known: Readonly<Record<string, { readonly origin: string; readonly port: number }>> = {
    id: { origin: settings.id.issuer, port: settings.id.port },
    'bayern-portal': settings.bayern_portal,
    'mein-postfach': settings.mein_postfach,
    bezahlsystem: settings.bezahlsystem,
    fuehrungszeugnis: settings.fuehrungszeugnis,
    registerbehoerde: settings.registerbehoerde,
    ...(settings.spielwiese ? { spielwiese: settings.spielwiese } : {}),
  };
  const asked = Object.entries(known).filter(([name]) => part === undefined || name === part);
  if (asked.length === 0) {
    console.error(usage);
    return 2;
  }
  const overTls = settings.web.tls !== undefined;
  const answers = await Promise.all(asked.map(([, { origin, port }]) => ask(origin, port, overTls)));
  const present = answers.filter((answer) => answer !== undefined);
  return present.length > 0 && present.every((answer) => answer === 0) ? 0 : 1;
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
        return await serveCommand(rest, {
          production,
          configDirectory,
          load: (overlay) => load(production, overlay),
        });
      case 'check':
        return await check(production, rest);
      case 'client':
        return await client(production, rest);
      case 'health':
        return await health(rest[0], production);
      case 'schema':
        return schemas();
      default:
        console.error(usage);
        return 2;
    }
  } catch (error) {
    if (error instanceof Misunderstood) {
      console.error(error.message);
      return 2;
    }
    console.error(`bayern-id: ${explain(error)}`);
    return 1;
  }
};

if (import.meta.main) process.exitCode = await runCli(process.argv.slice(2));

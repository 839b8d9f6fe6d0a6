import { auditCommand } from '../../src/cli/audit.ts';
import { backupCommand, restoreCommand } from '../../src/cli/backup.ts';
import { citizenCommand } from '../../src/cli/citizen.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { keysCommand } from '../../src/cli/keys.ts';
import { logoutNoticesCommand } from '../../src/cli/logout-notices.ts';
import { migrateCommand } from '../../src/cli/migrate.ts';
import { paymentsCommand } from '../../src/cli/payments.ts';
import { securityEventsCommand } from '../../src/cli/security-events.ts';
import { switchCommand } from '../../src/cli/switch.ts';
import type { TestApp } from './app.ts';

const commands = {
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

export interface Operated {
  readonly code: number;
  readonly output: string;
}

/** The operator's command line beside a running app: on the same stores, through connections of its own. */
export const operate = async (
  app: TestApp,
  command: keyof typeof commands,
  ...args: readonly string[]
): Promise<Operated> => {
  const lines: string[] = [];
  const context: CommandContext = {
    settings: app.settings,
    production: false,
    configDirectory: app.config,
    clientIds: () => Promise.resolve([...(app.app.id?.oidc.clients().clients.keys() ?? [])]),
    print: (line) => lines.push(line),
  };
  const code = await commands[command](args, context);
  return { code, output: lines.join('\n') };
};

/** What each node does every few seconds, done now. */
export const poll = async (app: TestApp): Promise<void> => {
  await app.app.id?.poll();
};

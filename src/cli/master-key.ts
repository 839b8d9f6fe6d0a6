import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { appendEvents } from '../id/audit/journal.ts';
import { masterKeyId, masterSealer, type MasterKeys } from '../id/master-keys.ts';
import { rewrapKeys } from '../id/records/rewrapping.ts';
import { masterKeyFiles, openSecrets } from '../secrets.ts';
import { createSecretText } from '../storage/secrets.ts';
import { operatorName, withRecords, type CommandContext } from './context.ts';

export const masterKeyUsage = `bayern-id keys master rotate        exchange the master key, in three calls, each of which says what comes next`;

/** Wraps all keys under the current one of these. @returns how many were wrapped by another. */
const rewrap = (context: CommandContext, keys: MasterKeys): Promise<number> => {
  let wrapped = 0;
  const keyId = masterKeyId(keys.current);
  return withRecords(context, async (_persistence, { records }) => {
    const sealerFor = (purpose: string) => masterSealer(keys, purpose);
    const progress = (done: number, of: number): void => context.print(`accounts looked at: ${done} of ${of}`);
    wrapped = await rewrapKeys(records, { sealerFor, keyId, progress });
    if (wrapped > 0)
      await records.transaction((trx) =>
        appendEvents(trx, [{ type: 'keys.rotated', use: 'master', kid: keyId, operator: operatorName() }]),
      );
    return 0;
  }).then(() => wrapped);
};

/**
 * Exchanges the master key without a break and without a moment at which a node could not open what another has sealed:
 * make it, hand it out, wrap under it, hand it out as the current one, wrap the rest. Every call can be ended and made again.
 *
 * @returns the exit code.
 */
export const rotateMasterKey = async (context: CommandContext): Promise<number> => {
  const { settings, production, print } = context;
  const secrets = openSecrets(settings.storage.directory, production);
  const file = (name: string): string => join(secrets.directory, name);
  const { current, next, previous } = secrets.masterKeys();

  if (next !== undefined) {
    const wrapped = await rewrap(context, { current: next, previous: current });
    // The old one is kept under another name before the new one takes its place, so that at no point one is missing.
    if (!existsSync(file(masterKeyFiles.previous)))
      linkSync(file(masterKeyFiles.current), file(masterKeyFiles.previous));
    renameSync(file(masterKeyFiles.next), file(masterKeyFiles.current));
    print(`2 of 3: keys wrapped again: ${wrapped}; ${masterKeyFiles.current} is the new master key`);
    print(`Give ${masterKeyFiles.current} and ${masterKeyFiles.previous} to every node in place of the files there,`);
    print('restart all nodes, and call keys master rotate once more.');
    return 0;
  }

  if (previous !== undefined) {
    const wrapped = await rewrap(context, { current, previous });
    print(`3 of 3: keys wrapped again: ${wrapped}; the old master key opens nothing in these records any more`);
    print(`Delete ${masterKeyFiles.previous} on every node. Backups from before need it until they have expired.`);
    return 0;
  }

  createSecretText(file(masterKeyFiles.next), randomBytes(32).toString('base64url'));
  print(`1 of 3: made ${masterKeyFiles.next} in ${secrets.directory}; nothing is wrapped by it yet`);
  print(`Keep a copy of it outside, give it to every node, restart all nodes, and call keys master rotate again.`);
  return 0;
};

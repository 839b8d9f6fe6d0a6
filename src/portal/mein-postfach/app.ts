import type { Module, ModuleDeps } from '../relying-party/module.ts';
import { createModule } from '../relying-party/module.ts';
import type { Stores } from '../../storage/open.ts';
import type { Metrics } from '../../web/metrics.ts';
import { seeOther } from '../../web/see-other.ts';
import { postfachMigrations } from './records/migrations.ts';
import { createRecords, type PostfachRecords } from './records/records.ts';
import type { PostfachTables } from './records/tables.ts';
import type { MeinPostfachSettings } from './settings.ts';

export interface MeinPostfachDeps extends Omit<ModuleDeps<MeinPostfachSettings>, 'stores' | 'keys'> {
  readonly stores: Stores<PostfachTables>;
  readonly keys: ModuleDeps<MeinPostfachSettings>['keys'] & {
    /** 32 bytes of this part alone: everything it keeps is sealed under keys derived from it. */
    readonly part: Buffer;
  };
  readonly metrics: Metrics;
  readonly sendersDirectory: string;
  /** Where sealed attachments are kept, unless the settings name another place. */
  readonly attachmentsDirectory: string;
}

export interface MeinPostfach extends Module {
  readonly records: PostfachRecords;
  /** With reasons, for the loopback port only. */
  health(): Promise<unknown>;
}

/** Mein Postfach: letters between authority and citizen, sealed by mailbox. */
export const createMeinPostfach = async (deps: MeinPostfachDeps): Promise<MeinPostfach> => {
  const { stores, keys } = deps;
  await stores.records.migrate(postfachMigrations);
  const records = createRecords(stores.records, keys.part, async () => {});
  const module = createModule('mein-postfach', deps, { scope: 'openid profile', level: 'basic' }, (router) => {
    router.get('/', (ctx) => seeOther(ctx, '/postfach'));
  });
  return {
    ...module,
    records,
    health: async () => ({ ready: true }),
  };
};

import type { ClientReload } from '../id/clients/reload.ts';
import type { IdApp } from '../id/contract.ts';
import type { Module } from '../portal/relying-party/module.ts';
import type { Readiness } from '../web/health.ts';
import type { Metrics } from '../web/metrics.ts';
import type { Monitored } from '../web/monitoring.ts';

/** What the parts of this process have to tell on the monitoring port. */
export const monitoredOf = (
  metrics: Metrics,
  modules: readonly Module[],
  { id, reload }: { readonly id?: IdApp; readonly reload?: ClientReload },
): Monitored => {
  const readiness = async (): Promise<Readonly<Record<string, Readiness>>> => {
    const all = await Promise.all(modules.map(async (module) => [module.name, await module.readiness()] as const));
    return Object.fromEntries([...(id ? [['id', await id.health()] as const] : []), ...all]);
  };
  const ready = metrics.gauges('ready', '1 when the part can answer requests and is not about to end.', {
    part: ['id', ...modules.map(({ name }) => name)],
  });
  metrics.look(async () => {
    for (const [part, state] of Object.entries(await readiness())) ready.set({ part }, state.ready ? 1 : 0);
  });
  return {
    metrics: () => metrics.read(),
    readiness,
    async health() {
      const more = await Promise.all(
        modules.map(
          async (module) => [module.name, { ...(await module.readiness()), ...(await module.health?.()) }] as const,
        ),
      );
      return {
        ...(id ? { id: await id.health(), eid: id.eidHealth() } : {}),
        ...(reload ? { clients: reload.state() } : {}),
        ...Object.fromEntries(more),
      };
    },
  };
};

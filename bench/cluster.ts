import { once } from 'node:events';
import { clusterParts, startCluster } from '../tests/support/cluster/cluster.ts';

/** The topology of production on this machine, until SIGINT: where everything is, and which processes to stop. */
const cluster = await startCluster({ parts: clusterParts, program: process.cwd() });
console.log(`PostgreSQL   ${cluster.postgres.url}`);
if ('members' in cluster.redis) for (const { url } of cluster.redis.members) console.log(`Redis        ${url}`);
console.log(`eID          ${cluster.simulator}`);
for (const part of clusterParts) console.log(`${part.padEnd(20)} ${cluster.origins[part]}`);
for (const { part, port, run } of cluster.nodes)
  console.log(`  ${part.padEnd(18)} node on ${port}, process ${run.child.pid}`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await cluster.close();

import { createLog } from '../../web/log.ts';
import { ensureDevelopmentPki } from '../development-pki.ts';
import { loadTestPersons } from '../test-persons.ts';
import { createEidSimulator } from './simulator.ts';

// The simulator alone: node dist/simulators/eid-server/main.js [origin of Bayern-ID …]
const origins = process.argv.slice(2);
const log = createLog();
const simulator = createEidSimulator({
  pki: await ensureDevelopmentPki('certs'),
  persons: loadTestPersons('config/test-persons.yaml'),
  tcTokenOrigins: origins.length > 0 ? origins : ['http://localhost:3000'],
  log,
});
const { pageOrigin, soapAddress } = await simulator.start();
log.info('eid_simulator_listening', { url: pageOrigin, address: soapAddress });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());

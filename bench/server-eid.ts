import { runChild } from './child.ts';
import { makePki, paosAddress } from './eid-parts.ts';
import { product, type Task } from './world.ts';

/** The eID-Server of a measurement, with client and cards: the simulator, whose own share is not measured. */

const { createEidSimulator } = await product<typeof import('../src/simulators/eid-server/simulator.ts')>(
  'simulators/eid-server/simulator.js',
);
const { loadTestPersons } =
  await product<typeof import('../src/simulators/test-persons.ts')>('simulators/test-persons.js');

await runChild(async ({ folder, port, eid }: Task) => {
  const persons = loadTestPersons('config/test-persons.yaml');
  const [card] = persons.cards;
  if (!card) throw new Error('there is no card');
  // Everybody has a card of their own: no two logins wait for the same account.
  const cards = Array.from({ length: 64 }, (_, i) => ({ ...card, id: `card${i}`, card_key: `bench-${i}` }));
  const simulator = createEidSimulator({
    pki: await makePki(folder),
    persons: { ...persons, cards },
    tcTokenOrigins: [eid?.service ?? ''],
    pagePort: port,
    soapPort: eid?.soapPort ?? 0,
    paosAddress,
    delay: eid?.delay ?? 0,
  });
  await simulator.start();
  let turn = 0;
  return {
    async client(tcTokenUrl) {
      const end = await simulator.runClient({ tcTokenUrl, card: `card${turn++ % cards.length}` });
      return end.location;
    },
    close: () => simulator.close(),
  };
});

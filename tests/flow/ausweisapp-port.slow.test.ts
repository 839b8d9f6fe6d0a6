import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { EidRequest, EidResult } from '../../src/id/authentication/eid/port.ts';
import { tcToken } from '../../src/id/authentication/eid/tc-token.ts';
import { silentLog } from '../../src/web/log.ts';
import { listen, type Listening } from '../../src/web/server.ts';
import { openAusweisApp, type AusweisApp, type CardUse } from '../support/ausweisapp.ts';
import { sentTo, withoutRace } from '../support/ausweisapp-login.ts';
import { cardOf, describeWithAusweisApp } from '../support/ausweisapp-world.ts';
import { freePort } from '../support/free-port.ts';
import { eidWorld, type EidWorld } from './eid-adapter-world.ts';

/** What Bayern-ID itself does not ask for, asked through its own adapter and answered by the real client. */
describeWithAusweisApp('the eID port, with the real AusweisApp behind the eID-Server', (usable) => {
  let world: EidWorld;
  let client: AusweisApp;
  let service: Listening;
  let directory: string;
  let origin: string;
  let paosPort: number;
  /** What the one tcTokenURL answers. */
  let token = '';

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ausweisapp-port-'));
    const [clientPort, servicePort] = await Promise.all([freePort(), freePort()]);
    paosPort = await freePort();
    origin = `https://localhost:${servicePort}`;
    world = await eidWorld({ tcTokenOrigins: [origin], ausweisapp: { port: paosPort, directory } });
    const { certificate: cert, key } = world.pki.of.localhost;
    service = await listen({
      name: 'service',
      port: servicePort,
      knownHosts: [`localhost:${servicePort}`],
      tls: { cert, key },
      handler: (request, response) => {
        const isToken = request.url === '/tctoken';
        response.writeHead(200, { 'content-type': isToken ? 'text/xml; charset=utf-8' : 'text/plain' });
        response.end(isToken ? token : '');
      },
      log: silentLog,
    });
    client = await openAusweisApp(usable, directory, clientPort);
  });
  afterEach(async () => {
    await client.close();
    await service.close(0);
    await world.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** One session at the eID-Server, from useID to getResult, with the client in between. */
  const ask = async (request: EidRequest, how: CardUse = {}): Promise<{ location: string; result: EidResult }> => {
    const port = world.adapter({ paos_addresses: [`https://localhost:${paosPort}/paos`] });
    const { arrived } = await withoutRace(client, how, async (address) => {
      const session = await port.start(request);
      token = tcToken(session, { refresh: `${origin}/zurueck?r=1`, communicationError: `${origin}/hilfe` });
      const location = await sentTo(`${address}?tcTokenURL=${encodeURIComponent(`${origin}/tctoken`)}`);
      return { location, sessionId: session.sessionId };
    });
    const result = await port.fetchResult({ sessionId: arrived.sessionId, counter: 1, request });
    return { location: arrived.location, result };
  };

  const ageRequest = (age: number): EidRequest => ({
    operations: { AgeVerification: 'required', RestrictedID: 'required' },
    age,
  });

  test('the chip compares the age: Erika is 18, somebody born in 2012 is neither 18 nor 16', async () => {
    const erika = await ask(ageRequest(18));
    expect(erika).toEqual({
      location: `${origin}/zurueck?r=1&ResultMajor=ok`,
      result: {
        kind: 'ok',
        data: { fulfilsAge: true, restrictedId: expect.stringMatching(/^[0-9A-F]{64}$/) },
        assured: 'high',
      },
    });
    const minor = { card: cardOf('minderjaehrig', { date_of_birth: '20120504' }) };
    for (const age of [18, 16])
      expect((await ask(ageRequest(age), minor)).result).toMatchObject({ kind: 'ok', data: { fulfilsAge: false } });
  });

  test('municipality, titles and names in art arrive, too; a required datum that is not on the chip refuses the card', async () => {
    const request: EidRequest = {
      operations: { CommunityID: 'required', PlaceOfResidence: 'required', RestrictedID: 'required' },
    };
    expect((await ask(request)).result).toMatchObject({
      kind: 'ok',
      data: { communityId: '02760503150000', placeOfResidence: { street: 'HEIDESTRAẞE 17', zipCode: '51147' } },
    });
    const named: EidRequest = {
      operations: { AcademicTitle: 'required', ArtisticName: 'allowed', IssuingState: 'required' },
    };
    expect((await ask(named, { card: cardOf('titel') })).result).toMatchObject({
      kind: 'ok',
      data: { academicTitle: 'DR.', artisticName: 'DORA DUR', issuingState: 'D' },
    });
    expect((await ask(request, { card: cardOf('ohne-anschrift') })).result).toEqual({
      kind: 'failed',
      reason: 'deniedDocument',
    });
  });
});

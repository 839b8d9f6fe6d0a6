import type { Browser } from 'playwright-core';
import { loginDataStories } from '../../src/id/account/login-data-stories.tsx';
import { accountStories } from '../../src/id/account/pages/stories.ts';
import { developerStories } from '../../src/id/developers/stories.ts';
import { meansFlowStories } from '../../src/id/interaction/pages/means-stories.tsx';
import { flowStories } from '../../src/id/interaction/pages/stories.tsx';
import { registrationStories } from '../../src/id/interaction/registration/stories.tsx';
import { recoveryStories } from '../../src/id/recovery/stories.tsx';
import { portalStories } from '../../src/portal/bayern-portal/pages/stories.ts';
import { bezahlsystemStories } from '../../src/portal/bezahlsystem/citizen/pages/stories.ts';
import { officeStories } from '../../src/portal/fuehrungszeugnis/office/pages/stories.ts';
import { fuehrungszeugnisStories } from '../../src/portal/fuehrungszeugnis/pages/stories.ts';
import { postfachStories } from '../../src/portal/mein-postfach/citizen/pages/stories.ts';
import { relyingPartyStories } from '../../src/portal/relying-party/pages/stories.ts';
import { simulatorStories } from '../../src/simulators/eid-server/pages/stories.tsx';
import { paymentSimulatorStories } from '../../src/simulators/payment-provider/pages/stories.tsx';
import type { Locale } from '../../src/web/i18n/shape.ts';
import { commonPages } from '../../src/web/pages/common.tsx';
import { groundStories } from '../../src/web/pages/stories.tsx';
import type { TestApp } from './app.ts';
import { openWindow } from './browser.ts';
import { inspect, prepareForGate, type Depth, type Findings } from './gate.ts';

export const gateParts = [
  'the kit and the common pages',
  'the flow of Bayern-ID',
  'passkeys and codes in the flow',
  'registration and reset',
  'Mein Konto',
  'Bayern-Portal and what relying parties share',
  'Führungszeugnis',
  'Mein Postfach',
  'Bezahlsystem',
  'the simulators',
] as const;

const stories = (all: object): string[] => Object.keys(all).map((name) => `/entwickler/bausteine/${name}`);

/** Every page in every state that it can have, by part. */
export const gatePages = (app: TestApp): Readonly<Record<(typeof gateParts)[number], readonly string[]>> => {
  const at = (origin: string, paths: readonly string[]): string[] => paths.map((path) => origin + path);
  return {
    'the kit and the common pages': at(app.issuer, [
      '/',
      ...stories(groundStories),
      ...Object.keys(commonPages),
      '/gibt-es-nicht',
    ]),
    'the flow of Bayern-ID': at(app.issuer, stories(flowStories)),
    'passkeys and codes in the flow': at(app.issuer, stories(meansFlowStories)),
    'registration and reset': at(app.issuer, [...stories(registrationStories), ...stories(recoveryStories)]),
    'Mein Konto': at(app.issuer, [...stories(accountStories), ...stories(loginDataStories)]),
    'Bayern-Portal and what relying parties share': at(app.portal, [
      '/',
      '/hilfe',
      '/leistungen',
      '/leistungen?suche=Hund&ort=86150',
      '/leistungen/augsburg/hundesteuer',
      '/behoerden/prien-am-chiemsee',
      ...stories(relyingPartyStories),
      ...stories(portalStories),
    ]),
    Führungszeugnis: [
      ...at(app.fz, ['/fuehrungszeugnis', ...stories(fuehrungszeugnisStories)]),
      ...at(app.registerbehoerde, stories(officeStories)),
    ],
    'Mein Postfach': at(app.postfach, stories(postfachStories)),
    Bezahlsystem: at(app.bezahlsystem, ['/', '/bezahlen/unbekannt', ...stories(bezahlsystemStories)]),
    'the simulators': [
      ...at(app.simulator, ['/', ...stories(simulatorStories(app.app.persons?.cards ?? []))]),
      ...at(app.paymentSimulator, ['/', ...stories(paymentSimulatorStories)]),
    ],
  };
};

/** What Bayern-ID shows developers. */
export const developerPages = (app: TestApp): string[] =>
  [
    '',
    '/discovery',
    '/post',
    '/schnellstart/node',
    '/schnellstart/python',
    '/schnellstart/go',
    ...Object.keys(developerStories).map((name) => `/bausteine/${name}`),
  ].map((path) => `${app.issuer}/entwickler${path}`);

/** Opens each address in one window and puts the page through the gate. */
export const inspectAddresses = async (
  browser: Browser,
  locale: Locale,
  addresses: readonly string[],
  depth: Depth,
): Promise<Findings> => {
  const { context, page, complaints } = await openWindow(browser, { locale, width: 1280 });
  await prepareForGate(context);
  const findings: Findings = [];
  for (const address of addresses) {
    const html = (await (await page.goto(address))?.text()) ?? '';
    const found = await inspect(page, { html, depth });
    findings.push(...found.map((line) => `${locale} ${new URL(address).pathname}: ${line}`));
  }
  await context.close();
  return [...findings, ...complaints];
};

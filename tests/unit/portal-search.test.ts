import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadPlaces, type Places } from '../../src/portal/bayern-portal/places/places.ts';
import { mistakes } from '../../src/portal/bayern-portal/search/typos.ts';
import { fold, queryStems, stem } from '../../src/portal/bayern-portal/search/words.ts';
import type { Catalogue } from '../../src/portal/bayern-portal/services/catalogue.ts';
import { listServices, oftenWanted } from '../../src/portal/bayern-portal/services/listing.ts';
import { createServiceLoader } from '../../src/portal/bayern-portal/services/load.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { portalVariables } from '../support/portal.ts';

let catalogue: Catalogue;
let places: Places;
beforeAll(async () => {
  places = loadPlaces();
  const loader = createServiceLoader({ directory: 'config', variables: portalVariables, production: false, places });
  const { set, findings } = await loader.load();
  expect(findings).toEqual([]);
  if (!set) throw new Error('the shipped services are not usable');
  catalogue = set;
});

const found = (text: string, locale: 'de' | 'en' = 'de'): string[] =>
  catalogue.index.find(text, locale).map(({ service }) => service.service);

/** What people type, and the service that has to come first. */
const german: readonly (readonly [string, string])[] = [
  // As it is said.
  ['Führerschein verloren', 'fuehrerschein-ersatz'],
  ['mein Führerschein wurde gestohlen', 'fuehrerschein-ersatz'],
  ['rosa Lappen', 'fuehrerschein-ersatz'],
  ['ich bin umgezogen', 'wohnsitz-anmelden'],
  ['neue Adresse', 'wohnsitz-anmelden'],
  ['perso weg', 'personalausweis'],
  ['Geldbeutel gestohlen', 'personalausweis'],
  ['wir bekommen ein Kind', 'elterngeld'],
  ['Baby', 'elterngeld'],
  ['Tagesmutter', 'kita-platz'],
  ['mein Kind kommt in die Schule', 'schuelerbefoerderung'],
  ['Miete zu hoch', 'wohngeld'],
  ['Miete nicht bezahlen', 'wohngeld'],
  ['Vater gestorben', 'sterbeurkunde'],
  ['Hochzeit', 'eheschliessung'],
  ['selbständig machen', 'gewerbeanmeldung'],
  ['Firma gründen', 'gewerbeanmeldung'],
  ['Garage bauen', 'bauantrag'],
  ['Auto verkauft', 'kfz-zulassung'],
  ['Nummernschild', 'kfz-zulassung'],
  ['altes Sofa loswerden', 'sperrmuell'],
  ['Schlüssel verloren', 'fundsachen'],
  ['Rollstuhl', 'schwerbehindertenausweis'],
  ['Geld zurück vom Finanzamt', 'steuererklaerung'],
  ['Ehrenamt im Verein', 'fuehrungszeugnis'],
  ['Haus kaufen', 'grundbuchauszug'],
  ['per Post wählen', 'briefwahl'],
  ['Parken vor dem Haus', 'bewohnerparkausweis'],
  // Endings and compounds.
  ['Hunde anmelden', 'hundesteuer'],
  ['Umzüge', 'wohnsitz-anmelden'],
  ['Wohnsitzanmeldung', 'wohnsitz-anmelden'],
  ['Führerscheinverlust', 'fuehrerschein-ersatz'],
  ['Kinderbetreuungsplatz', 'kita-platz'],
  ['Behindertenausweis', 'schwerbehindertenausweis'],
  ['heiratet', 'eheschliessung'],
  ['Steuererklärungen', 'steuererklaerung'],
  // Umlauts as keyboards have them, and mistakes.
  ['Fuehrerschein', 'fuehrerschein-ersatz'],
  ['fuhrerschein verlorn', 'fuehrerschein-ersatz'],
  ['bafog', 'bafoeg'],
  ['sperrmull', 'sperrmuell'],
  ['Personalauweis', 'personalausweis'],
  ['Ausweiss verlängern', 'personalausweis'],
  ['Hudnesteuer', 'hundesteuer'],
  ['Kindergarden', 'kita-platz'],
  ['Fürungszeugnis', 'fuehrungszeugnis'],
  ['ELTERNGELT', 'elterngeld'],
  // Still being typed, and in the other language.
  ['Eltern', 'elterngeld'],
  ['Führungsz', 'fuehrungszeugnis'],
  ['wedding', 'eheschliessung'],
];

const english: readonly (readonly [string, string])[] = [
  ['lost my driving license', 'fuehrerschein-ersatz'],
  ['moving house', 'wohnsitz-anmelden'],
  ['i moved to a new flat', 'wohnsitz-anmelden'],
  ['stolen wallet', 'personalausweis'],
  ['childcare', 'kita-platz'],
  ['kindergarden', 'kita-platz'],
  ['puppy', 'hundesteuer'],
  ['dogs', 'hundesteuer'],
  ['getting maried', 'eheschliessung'],
  ['tax refund', 'steuererklaerung'],
  ['start a business', 'gewerbeanmeldung'],
  ['criminal record', 'fuehrungszeugnis'],
  ['help with rent', 'wohngeld'],
  ['Anmeldung', 'wohnsitz-anmelden'],
  ['number plates', 'kfz-zulassung'],
  ['throw away furniture', 'sperrmuell'],
];

describe('the search', () => {
  test.each(german)('„%s“ finds %s first', (text, service) => expect(found(text)[0]).toBe(service));
  test.each(english)('“%s” finds %s first', (text, service) => expect(found(text, 'en')[0]).toBe(service));

  test.each(['', '   ', 'ßßß', 'blafasel', '12345678', "'; drop table", '<script>', 'x'.repeat(5000), 'ich habe die'])(
    'nothing is made of %j',
    (text) => expect(found(text)).toEqual([]),
  );

  test('the place in the query chooses the authority', () => {
    const [first] = catalogue.index.find('Hundesteuer Augsburg', 'de');
    expect(first?.service.id).toBe('augsburg/hundesteuer');
  });

  test('what says one word of two by the way is no help beside what says both', () => {
    expect(new Set(found('Führerschein verloren'))).toEqual(new Set(['fuehrerschein-ersatz']));
    expect(new Set(found('Garage bauen'))).toEqual(new Set(['bauantrag']));
  });

  test('what is only a guess is said to be one', () => {
    const sure = (text: string): boolean | undefined => catalogue.index.find(text, 'de')[0]?.sure;
    expect([sure('Führerschein'), sure('Meldebescheinigung'), sure('alleinerziehend')]).toEqual([true, false, false]);
  });

  test('who finds nothing is offered what is spelt alike', () => {
    expect(catalogue.index.similar('Hnudesteiher', 'de')[0]).toMatch(/Hund/);
    expect(catalogue.index.similar('xyzzyqwertz', 'de')).toEqual([]);
  });

  test('a search costs less than 5 ms of CPU, mistakes and all', () => {
    const queries = ['Führerschein verloren', 'Hudnesteuer', 'mein Hund ist gestorben', 'Kinderkrippenplatz suchen'];
    for (const query of queries) found(query);
    const used = cpuTime(() => {
      for (let i = 0; i < 100; i++) found(queries[i % queries.length] ?? '');
    });
    expect(used / 100).toBeLessThan(5);
  });
});

describe('words', () => {
  test.each([
    ['Führerschein', 'Fuehrerschein'],
    ['FÜHRERSCHEIN', 'fuhrerschein'],
    ['Straße', 'strasse'],
    ['Café', 'cafe'],
  ])('%s is spelt like %s', (a, b) => expect(fold(a)).toBe(fold(b)));

  test.each([
    ['anmelden', 'anmeldung'],
    ['angemeldet', 'anmelden'],
    ['hunde', 'hund'],
    ['steuern', 'steuer'],
    ['kinder', 'kindern'],
  ])('%s and %s are one', (a, b) => expect(stem(a, 'de')).toBe(stem(b, 'de')));

  test('short words keep what they are', () =>
    expect([stem('ehe', 'de'), stem('auto', 'de')]).toEqual(['ehe', 'auto']));

  test('words that say nothing are left out', () => {
    expect(queryStems('wie kann ich einen Hund anmelden', 'de', 8)).toEqual(['hund', 'anmeld']);
    expect(queryStems('wie geht das', 'de', 8)).toEqual([]);
  });

  test.each([
    ['hund', 'hund', 0],
    ['hund', 'hudn', 1],
    ['ausweis', 'ausweiss', 1],
    ['fuhrung', 'furung', 1],
    ['hund', 'katze', undefined],
  ])('%s and %s: %j', (a, b, wrong) => expect(mistakes(a, b, 2)).toBe(wrong));
});

describe('places', () => {
  const names = (text: string): string[] => places.find(text).map(({ name }) => name);

  test('all of Bavaria, with their postal codes and counties', () => {
    expect(places.size).toBeGreaterThan(2050);
    expect(places.countyName('09187')).toBe('Landkreis Rosenheim');
    expect(names('80331')).toEqual(['München']);
  });

  test.each([
    ['Prien', 'Prien am Chiemsee'],
    ['83209', 'Prien am Chiemsee'],
    ['Wuerzburg', 'Würzburg'],
    ['Würzbrug', 'Würzburg'],
    ['munchen', 'München'],
    ['garmisch', 'Garmisch-Partenkirchen'],
    ['bad toelz', 'Bad Tölz'],
    ['84494 Lohkirchen', 'Lohkirchen'],
    ['St. Ottilien', 'Sankt Ottilien'],
    ['  AUGSBURG ', 'Augsburg'],
  ])('%s is %s', (text, name) => expect(names(text)).toEqual([name]));

  test('several places are all there to choose from', () => {
    expect(names('84494')).toEqual(expect.arrayContaining(['Lohkirchen', 'Niedertaufkirchen']));
    expect(names('Neuhaus').length).toBeGreaterThan(1);
  });

  test.each(['', '99999', '10115', 'Hamburg-Altona', '???'])('%j is none', (text) => expect(names(text)).toEqual([]));

  test('each has an address of its own, which leads back to it', () => {
    const ids = new Set<string>();
    for (const code of ['80331', '84494', '83209', '97070'])
      for (const place of places.find(code)) {
        expect(places.byId(place.id)).toBe(place);
        expect(place.id).toMatch(/^[a-z0-9-]+$/);
        ids.add(place.id);
      }
    expect(ids.size).toBeGreaterThan(5);
  });
});

describe('what is offered', () => {
  const offered = (text: string, search = ''): string[] => {
    const [place] = places.find(text);
    return listServices(catalogue, { search, place, situation: undefined }, 'de').groups.flatMap(({ services }) =>
      services.map(({ id }) => id),
    );
  };

  test('at least 20 services of 8 authorities', () => {
    expect(catalogue.all.size).toBeGreaterThanOrEqual(20);
    expect(catalogue.authorities.size).toBeGreaterThanOrEqual(8);
  });

  test('for a place: of the town, of its county, of the state, and of nobody else', () => {
    const authorities = new Set(offered('83209').map((id) => id.split('/')[0]));
    expect(authorities).toEqual(new Set(['prien-am-chiemsee', 'landkreis-rosenheim', 'bayern']));
    const neighbours = new Set(offered('Bernau am Chiemsee').map((id) => id.split('/')[0]));
    expect(neighbours).toEqual(new Set(['landkreis-rosenheim', 'bayern']));
    expect(offered('Würzburg').some((id) => id.startsWith('muenchen/'))).toBe(false);
  });

  test('a city and the county of the same name are two', () => {
    const of = (text: string) => new Set(offered(text).map((id) => id.split('/')[0]));
    expect(of('83022')).toEqual(new Set(['bayern']));
    expect(of('Hallstadt')).toEqual(new Set(['hallstadt', 'landkreis-bamberg', 'bayern']));
  });

  test('the search keeps to the place', () => {
    expect(offered('Augsburg', 'Hund anmelden')[0]).toBe('augsburg/hundesteuer');
    expect(offered('München', 'Hundesteuer').filter((id) => id.endsWith('/hundesteuer'))).toEqual([]);
  });

  test('a service of several authorities is one entry', () => {
    const often = oftenWanted(catalogue, 'de').map(({ services }) => services[0].service);
    expect(new Set(often).size).toBe(often.length);
    const { groups } = listServices(catalogue, { search: '', place: undefined, situation: undefined }, 'de');
    const dogs = groups.filter(({ services }) => services[0].service === 'hundesteuer');
    expect(dogs).toHaveLength(1);
    expect(dogs[0]?.services.length).toBeGreaterThan(1);
  });
});

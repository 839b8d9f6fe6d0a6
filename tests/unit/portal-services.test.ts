import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contrast, readBranding } from '../../src/config/branding.ts';
import { formatFinding } from '../../src/config/report.ts';
import { createFilesReload } from '../../src/portal/module-api/files-reload.ts';
import { loadPlaces } from '../../src/portal/bayern-portal/places/places.ts';
import { createServiceLoader, type ServiceLoader } from '../../src/portal/bayern-portal/services/load.ts';
import { createLog } from '../../src/web/log.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { instead, makeClientFolder, shortFile, type ClientFolder } from '../support/client-files.ts';

const places = loadPlaces();

let folder: ClientFolder;
beforeEach(() => {
  folder = makeClientFolder();
  folder.write('authorities/prien.yaml', town);
  folder.write(place, sound);
});
afterEach(() => folder.close());

const place = 'services/prien/hundesteuer.yaml';
const town = ['name: Markt Prien', "area: { municipality: Prien am Chiemsee, county: '09187' }"];
const sound = [
  'service: hundesteuer',
  'title: { de: Hund anmelden, en: Register a dog }',
  'summary: { de: Für Hunde, en: For dogs }',
  'words: { de: [Welpe], en: [puppy] }',
  'situations: [everyday]',
  'level: low',
  'documents: { de: [Chip], en: [Chip] }',
  "fee: { euro: '12.50' }",
  'time: { de: sofort, en: at once }',
  'online: https://prien.example/hund',
];

const loader = (production = true): ServiceLoader =>
  createServiceLoader({ directory: folder.path, variables: {}, production, places });

const findings = async (production = true): Promise<string[]> =>
  (await loader(production).load()).findings.map((finding) => formatFinding(finding).slice(folder.path.length + 1));

describe('a service’s file', () => {
  test('is taken with its authority', async () => {
    const { set, findings: none } = await loader().load();
    expect(none).toEqual([]);
    expect(set?.all.get('prien/hundesteuer')).toMatchObject({
      fee: { euro: 1250 },
      level: 'low',
      often: false,
      authority: { id: 'prien', name: { de: 'Markt Prien', en: 'Markt Prien' } },
    });
  });

  test('without a folder belongs to the state, and who offers nothing is not shown', async () => {
    folder.write('authorities/bayern.yaml', ['name: Freistaat']);
    folder.write('services/hundesteuer.yaml', sound);
    const { set } = await loader().load();
    expect(set?.all.get('bayern/hundesteuer')?.authority.area).toBe('bayern');
    folder.remove('services/hundesteuer.yaml');
    expect([...((await loader().load()).set?.authorities.keys() ?? [])]).toEqual(['prien']);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a key that is mistyped', ['levle: low'], /:11:1: error: levle: unknown key; did you mean "level"\?/],
    ['a level that is none', ['level: substancial'], /level: .*did you mean "substantial"\?/],
    ['a situation that is none', ['situations: [mobilty]'], /situations\.0: .*did you mean "mobility"\?/],
    ['a text in one language', ['title: { de: Hund }'], /title\.en: is missing/],
    ['lists of different length', ['documents: { de: [a, b], en: [a] }'], /documents: the lists of both languages/],
    ['a fee of half a cent', ["fee: { euro: '1.005' }"], /fee\.euro: write cents with a point/],
    ['a fee in words', ['fee: teuer'], /fee: write none, or/],
    ['an address without https', ['online: http://prien.example/'], /online: must be https/],
    ['a script as address', ["online: 'javascript:alert(1)'"], /online: /],
    ['a LeiKa key without its source', ["leika: { key: '99000000000000' }"], /leika\.source: is missing/],
    ['a LeiKa key that is none', ["leika: { key: '123', source: x }"], /leika\.key: write the 14 digits/],
    ['another name than its file', ['service: katzensteuer'], /service: the file must be named katzensteuer\.yaml/],
    ['a variable that is not known', ['online: ${NOWHERE}/x'], /online: \$\{NOWHERE\} is not known/],
  ])('with %s is refused at its place', async (_title, lines, message) => {
    folder.write(place, instead(sound, ...lines));
    const found = await findings();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
    expect(found[0]).toMatch(/^services\/prien\/hundesteuer\.yaml:\d+:\d+: error: /);
    expect((await loader().load()).set).toBeUndefined();
  });

  test('of an authority without a file is refused', async () => {
    folder.remove('authorities/prien.yaml');
    expect(await findings()).toEqual([
      'services/prien/hundesteuer.yaml:1:1: error: needs a valid file config/authorities/prien.yaml',
    ]);
  });

  test.each([
    ["area: { municipality: Prin, county: '09187' }", /area\.municipality: Prin is no place in Landkreis Rosenheim/],
    ["area: { county: '09999' }", /area\.county: 09999 is no county/],
    ['area: { county: 9187 }', /area/],
  ])('of an authority with %s is refused', async (area, message) => {
    folder.write('authorities/prien.yaml', instead(town, area));
    expect((await findings()).join('\n')).toMatch(message);
  });
});

test('the examples of the README are valid as they stand there', async () => {
  const [, section = ''] =
    /## Offer a service in Bayern-Portal\n([^]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? [];
  const [service = '', authority = ''] = [...section.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
  folder.write(place, service);
  folder.write('authorities/prien.yaml', `name: Markt Prien\n${authority}`);
  folder.write('authorities/logos/prien.svg', svg(circle).toString());
  expect(await findings()).toEqual([]);
  expect(await folder.findings()).toEqual([]);
});

test('files come into force together, and a broken one leaves what was', async () => {
  const reload = await createFilesReload(loader(), {
    what: 'services',
    log: createLog({ write: () => {} }),
    metrics: createMetrics(),
  });
  try {
    const titles = (): string[] => [...reload.current().all.values()].map(({ title }) => title.de);
    folder.write(
      'services/prien/fundsachen.yaml',
      instead(sound, 'service: fundsachen', 'title: { de: Fund, en: Find }'),
    );
    folder.write(place, instead(sound, 'level: nonsense'));
    expect(await reload.now()).toHaveLength(1);
    expect([titles(), reload.state().state]).toEqual([['Hund anmelden'], 'refused']);
    folder.write(place, instead(sound, 'title: { de: Hund, en: Dog }'));
    expect(await reload.now()).toEqual([]);
    expect([titles().sort(), reload.state().state]).toEqual([['Fund', 'Hund'], 'in_force']);
    expect(reload.current().index.find('Fund', 'de')[0]?.service.id).toBe('prien/fundsachen');
    folder.remove(place);
    await reload.now();
    expect(titles()).toEqual(['Fund']);
  } finally {
    await reload.close();
  }
});

const svg = (inner: string, attributes = 'viewBox="0 0 8 8"'): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inner}</svg>`);
const circle = '<circle cx="4" cy="4" r="3" fill="#00687d"/>';

const png = (width: number, height: number): Buffer => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.alloc(8))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

describe('an authority’s look', () => {
  test('contrast is WCAG’s', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#ffffff', '#777777')).toBeCloseTo(4.48, 2);
  });

  test.each([
    ["{ colour: '#ffcc00' }", /branding\.colour: cannot be read on our light pages: its contrast is 1\.\d to 1/],
    ["{ colour: '#777777' }", /branding\.colour: cannot be read/],
    ["{ colour_dark: '#00539a' }", /branding\.colour_dark: cannot be read on our dark pages/],
    ['{ colour: red }', /branding\.colour: write it as '#rrggbb'/],
    ['{ logo: ../../secret.svg }', /branding\.logo: name an \.svg or \.png file/],
    ['{ logo: /etc/passwd.png }', /branding\.logo: name an \.svg or \.png file/],
    ['{ logo: missing.svg }', /branding\.logo: cannot read missing\.svg \(ENOENT\)/],
    ['{ color: red }', /branding\.color: unknown key; did you mean "colour"\?/],
  ])('%s is refused, by both that read the file', async (branding, message) => {
    folder.write('authorities/prien.yaml', [...town, `branding: ${branding}`]);
    expect((await findings()).join('\n')).toMatch(message);
    expect((await folder.findings()).join('\n')).toMatch(message);
  });

  test.each<[string, string, Buffer, RegExp]>([
    ['a script', 'a.svg', svg('<script>alert(1)</script>'), /must not contain <script>/],
    ['a page inside', 'a.svg', svg('<foreignObject/>'), /must not contain <foreignObject>/],
    ['an image from elsewhere', 'a.svg', svg('<image href="https://evil.example/x.png"/>'), /must not contain <image>/],
    ['an event', 'a.svg', svg('<circle onclick="x()"/>'), /must not use onclick/],
    ['an event of its own', 'a.svg', svg(circle, 'viewBox="0 0 8 8" onload="x()"'), /must not use onload/],
    ['a style', 'a.svg', svg('<circle style="fill:red"/>'), /must not use style/],
    [
      'a link',
      'a.svg',
      svg('<g xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"/>'),
      /must not use xlink:href/,
    ],
    ['a fill from elsewhere', 'a.svg', svg('<circle fill="url(https://evil.example/#a)"/>'), /must not use fill/],
    ['an entity', 'a.svg', Buffer.from(`<!DOCTYPE svg [<!ENTITY a "b">]>${svg(circle).toString()}`), /no DOCTYPE/],
    [
      'no end',
      'a.svg',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g>'),
      /no well-formed SVG/,
    ],
    ['no size to change', 'a.svg', svg(circle, 'width="9"'), /needs a viewBox/],
    ['HTML in it', 'a.svg', Buffer.from('<html/>'), /is no SVG/],
    ['an SVG under another name', 'a.png', svg(circle), /is no PNG/],
    ['too many pixels', 'a.png', png(4000, 10), /at most 1024 pixels/],
    ['no end', 'a.png', png(10, 10).subarray(0, 40), /is cut off/],
  ])('a logo with %s (%s) is refused', (_title, logo, content, message) => {
    const { branding, fault } = readBranding({ logo }, content);
    expect([branding, fault]).toEqual([undefined, expect.stringMatching(message)]);
  });

  test('a sound logo is taken, as bytes, and its address changes with it', async () => {
    folder.write('authorities/prien.yaml', [...town, "branding: { logo: logos/prien.svg, colour: '#00687d' }"]);
    folder.write('authorities/logos/prien.svg', svg(circle).toString());
    const load = loader();
    const first = await load.load();
    const branding = first.set?.authorities.get('prien')?.branding;
    expect(first.findings).toEqual([]);
    expect(branding?.logo?.body.equals(svg(circle))).toBe(true);
    expect(branding?.styles).toContain('--bid-brand:#00687d');
    expect((await load.load()).changed).toBe(false);
    folder.write('authorities/logos/prien.svg', svg(`${circle}${circle}`).toString());
    const second = await load.load();
    expect([second.changed, second.set?.authorities.get('prien')?.branding?.hash !== branding?.hash]).toEqual([
      true,
      true,
    ]);
    expect(readBranding({ logo: 'a.png' }, png(64, 64)).branding?.logo?.type).toBe('image/png');
  });

  test('reaches the clients of the authority, and changes with the logo', async () => {
    folder.write('authorities/stadt.yaml', [
      'name: Stadt',
      'client_names: [Dienst]',
      'hosts: [dienst.stadt.example]',
      'branding: { logo: stadt.svg }',
    ]);
    folder.write('authorities/stadt.svg', svg(circle).toString());
    folder.write('clients/stadt/dienst.yaml', shortFile('stadt-dienst'));
    const { set, findings: none } = await folder.load();
    expect(none).toEqual([]);
    expect(set?.clients.get('stadt-dienst')?.look).toMatchObject({
      name: 'Stadt',
      branding: { logo: { type: 'image/svg+xml' } },
    });
  });
});

import { expect, test } from '@jest/globals';
import { renderPdf } from '../../src/id/account/export/pdf.ts';
import { renderPaper } from '../../src/web/pdf/tagged-pdf.ts';

interface Rendered {
  readonly pdf: string;
  /** What the feet of its pages say. */
  readonly feet: readonly string[];
}

const render = async (value: string, entries = 1): Promise<Rendered> => {
  const entry = { label: 'Vornamen', lines: [value, value] };
  const sections = [{ heading: 'Daten', empty: 'keine', entries: Array.from({ length: entries }, () => entry) }];
  const feet: string[] = [];
  const pageOf = ({ page, of }: { page: number; of: number }): string => {
    feet.push(`${page}/${of}`);
    return `Seite ${page} von ${of}`;
  };
  const pdf = await renderPdf({ locale: 'de', title: 'Ihre Daten', subtitle: 'heute', pageOf, sections });
  return { pdf: pdf.toString('latin1'), feet };
};

const fontsFor = async (value: string): Promise<number> =>
  ((await render(value)).pdf.match(/\/FontFile2/g) ?? []).length;

test('letters of other scripts come from the file that has them, and each file is embedded once', async () => {
  const plain = await fontsFor('Zaneta');
  expect(await fontsFor('ŻANETA')).toBe(plain + 1);
  expect(await fontsFor('ŻANETA Ελένη Олена')).toBe(plain + 3);
});

/** Letters of DIN 91379 that no single character stands for, and signs of transliterations. */
const marked = 'Ẑ̄ M̂ ñ̄ C̨̆ K͟h L̥ l̥̄ R̥̄ Ž̦ Ḏ̱ ʾ ‡';

test('letters whose marks Fira Sans does not have come whole from one other file; blanks and invisible characters need none', async () => {
  const plain = await fontsFor('Zaneta');
  expect(await fontsFor(marked)).toBe(plain + 1);
  expect(await fontsFor('Za\u00ADne\u200Bta')).toBe(plain);
});

test('what no file has is written as its number, which needs nothing but figures', async () => {
  expect(await fontsFor('张')).toBe(await fontsFor('[U+5F20]'));
});

test('has a title, a language, bookmarks and a number on each page', async () => {
  const { pdf, feet } = await render('Erika', 40);
  for (const part of ['/Lang (de-DE)', '/DisplayDocTitle true', '/MarkInfo', '/Outlines']) expect(pdf).toContain(part);
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(feet.length);
  expect(feet).toEqual(['1/3', '2/3', '3/3']);
});

test.each(['h1', 'h2', 'label', 'text'] as const)('%s longer than a page goes on over it, and ends', async (kind) => {
  const pages: number[] = [];
  const pageOf = ({ of }: { of: number }): string => {
    pages.push(of);
    return '';
  };
  const text = 'WWWWWWW '.repeat(1500);
  const made = await renderPaper({ locale: 'de', title: 'x', brand: 'x', pageOf, blocks: [{ kind, text }] });
  expect(pages.length).toBeGreaterThan(2);
  expect(made.subarray(-7).toString()).toContain('%%EOF');
});

test('lines stay lines, and a tabulator is a blank', async () => {
  const pages: number[] = [];
  const pageOf = ({ of }: { of: number }): string => {
    pages.push(of);
    return '';
  };
  await renderPaper({
    locale: 'de',
    title: 'x',
    brand: 'x',
    pageOf,
    blocks: [{ kind: 'text', text: 'a\n'.repeat(200) }],
  });
  expect(pages.length).toBeGreaterThan(3);
  expect(await fontsFor('a\tb')).toBe(await fontsFor('a b'));
  expect((await render('a\tb')).pdf.length).toBe((await render('a b')).pdf.length);
});

test.each([
  ['a list of 1000 things', { kind: 'list', ordered: false, items: Array.from({ length: 1000 }, () => 'Ding') }],
  ['a text without end', { kind: 'text', text: 'Wort '.repeat(10_000) }],
] as const)('%s keeps nobody else waiting until it is set', async (_name, block) => {
  let turns = 0;
  let ended = false;
  const turn = (): void => {
    turns += 1;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await renderPaper({ locale: 'de', title: 'x', brand: 'x', pageOf: () => '', blocks: [block] });
  ended = true;
  expect(turns).toBeGreaterThan(5);
});

test('a word of 50,000 letters takes no longer than as many letters in words', async () => {
  // Without a limit it takes minutes, and every other request waits for it.
  const text = 'x'.repeat(50_000);
  const pageOf = (): string => '';
  const made = await renderPaper({ locale: 'de', title: 'x', brand: 'x', pageOf, blocks: [{ kind: 'text', text }] });
  expect(made.length).toBeGreaterThan(5000);
});

import { expect, test } from '@jest/globals';
import { renderPdf } from '../../src/id/account/export/pdf.ts';

const fontsFor = async (value: string): Promise<number> => {
  const sections = [{ heading: 'Daten', empty: 'keine', entries: [{ label: 'Vornamen', lines: [value, value] }] }];
  const pdf = await renderPdf({ locale: 'de', title: 'Ihre Daten', subtitle: 'heute', sections });
  return (pdf.toString('latin1').match(/\/FontFile2/g) ?? []).length;
};

test('letters of other scripts come from the file that has them, and each file is embedded once', async () => {
  const plain = await fontsFor('Zaneta');
  expect(await fontsFor('ŻANETA')).toBe(plain + 1);
  expect(await fontsFor('ŻANETA Ελένη Олена')).toBe(plain + 3);
});

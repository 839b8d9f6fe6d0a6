const most = 5000;

/**
 * The words of a text as they are searched: small, without accents, `ß` as `ss`, umlauts like their base letters however
 * they are written (Gebühr, Gebuehr). Each word once; of a very long text the first 5000 words.
 */
export const searchTerms = (...texts: readonly string[]): string[] => {
  const found = new Set<string>();
  for (const text of texts) {
    const plain = text
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .replaceAll('ß', 'ss')
      .replace(/([aou])e/g, '$1');
    for (const [word] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
      if (found.size >= most) return [...found];
      found.add(word.slice(0, 64));
    }
  }
  return [...found];
};

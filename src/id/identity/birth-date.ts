interface PartialDate {
  readonly year?: string;
  readonly month?: string;
  readonly day?: string;
}

const part = (text: string): string | undefined => (/^\d+$/.test(text) && !/^0+$/.test(text) ? text : undefined);

/** Reads YYYY-MM-DD, YYYY, or the card's eight characters in which what is unknown is blank or zero. */
export const partsOfBirthDate = (text: string): PartialDate => {
  const bare = text.replaceAll('-', '').padEnd(8, ' ');
  const year = part(bare.slice(0, 4));
  const month = part(bare.slice(4, 6));
  const day = part(bare.slice(6, 8));
  return { ...(year && { year }), ...(month && { month }), ...(day && { day }) };
};

/** OpenID Connect's `birthdate`: a full date, or the year alone; undefined when not even that is sure. Never an invented day. */
export const birthDateClaim = (text: string): string | undefined => {
  const { year, month, day } = partsOfBirthDate(text);
  if (year === undefined) return undefined;
  return month !== undefined && day !== undefined ? `${year}-${month}-${day}` : year;
};

/** Whether two birth dates can be one person's: what both know must be equal, and they must have something in common. */
export const birthDatesAgree = (a: string, b: string): boolean => {
  const [left, right] = [partsOfBirthDate(a), partsOfBirthDate(b)];
  const common = (['year', 'month', 'day'] as const).filter(
    (key) => left[key] !== undefined && right[key] !== undefined,
  );
  return common.length > 0 && common.every((key) => left[key] === right[key]);
};

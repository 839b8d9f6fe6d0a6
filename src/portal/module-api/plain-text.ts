/** Controls, and characters that turn the direction of writing and so show another text than there is. */
// eslint-disable-next-line no-control-regex
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;

/** A text without what `isPlain` refuses, line breaks kept. */
export const plainLines = (text: string): string => text.toWellFormed().replaceAll(new RegExp(unfit, 'gu'), '');

/** Whether a text of somebody else may be shown as it is. Line breaks only where `lines` allows them. */
export const isPlain = (text: string, lines = false): boolean =>
  text.isWellFormed() && !unfit.test(text) && (lines || !/[\r\n\t\u2028\u2029]/.test(text));

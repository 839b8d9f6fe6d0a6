/** Whether a text is one line of what people write: no controls, and nothing that turns the writing round. */
export const isPlain = (text: string): boolean => !/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(text);

declare const checked: unique symbol;

/** An address that can be mailed to: one mailbox and nothing else, in the one form in which it is kept. Made by {@link mailAddress} alone. */
export type MailAddress = string & { readonly [checked]: true };

/** RFC 5321, 4.5.3.1: octets of the local part, and of the whole without its angle brackets. */
const longestLocal = 64;
const longest = 254;

/**
 * The dot-atom of RFC 5322 without `%` and `!`, by which some servers still route on to a host named in the local part.
 * No quoted form and no comment: parsers disagree about where those end, and a mail goes to another domain than was
 * meant (CVE-2025-13033). Nothing beyond ASCII: every server on the way would have to know SMTPUTF8 (RFC 6531).
 */
const localPart = /^[\w#$&'*+/=?^`{|}~-]+(?:\.[\w#$&'*+/=?^`{|}~-]+)*$/;

/** What a domain may be typed in: letters, marks and digits of any script; no dots but the ASCII one, no invisible ones. */
const typedDomain = /^[\p{L}\p{M}\p{N}.-]+$/u;
const asciiDomain = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/;

/** Nobody gets mail there, or somebody inside the network of our own mail server does (RFC 6761, 6762, 7686, 8375). */
const unreachable = /\.(?:invalid|localhost|local|internal|onion|arpa)$/;

/** The ASCII form (UTS #46), by the platform's own URL parser; `typed` has been cleared of all that means more in a URL. */
const toAscii = (typed: string): string | undefined => URL.parse(`http://${typed}/`)?.hostname;

/**
 * The address that a person typed: its domain in small letters and in ASCII (IDNA), its local part as it is. Undefined
 * when it is none, or one that cannot be delivered to safely (RG-10): quoted, commented, with a display name, several,
 * with control characters, of an IP address or of a name inside our own network. Domains typed in compatibility
 * characters, such as full width, are refused rather than guessed (RG-11).
 */
export const mailAddress = (typed: string): MailAddress | undefined => {
  if (typed.length > 2 * longest) return undefined;
  const text = typed.replace(/^ +| +$/g, '');
  const at = text.indexOf('@');
  const local = text.slice(0, at);
  const domain = text
    .slice(at + 1)
    .replace(/\.$/, '')
    .normalize('NFC');
  if (text.length > longest || at < 1 || local.length > longestLocal || !localPart.test(local)) return undefined;
  if (!typedDomain.test(domain) || domain.normalize('NFKC') !== domain) return undefined;
  const ascii = toAscii(domain);
  if (ascii === undefined || !asciiDomain.test(ascii) || unreachable.test(`.${ascii}`)) return undefined;
  const address = `${local}@${ascii}`;
  return address.length > longest ? undefined : (address as MailAddress);
};

import type { Json } from '../../../storage/artifacts.ts';
import type { Content } from '../application/content.ts';

const line = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.replaceAll(/\s+/gu, ' ').trim().slice(0, 200) : '';
  return text === '' ? undefined : text;
};

const member = (value: Json | undefined, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const present = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));

/** Name, address and mailbox of who pays, as XBezahldienste has them: no more than the payment page needs. */
export const formatPayer = ({ person = {}, typed = {}, postfach }: Content): Record<string, unknown> => {
  const address = person.address?.value;
  return present({
    name: line(person.family_name?.value),
    firstName: line(person.given_name?.value),
    isOrganization: false,
    address: present({
      street: line(member(address, 'street_address')) ?? line(typed.street_address),
      postalCode: line(member(address, 'postal_code'))?.slice(0, 20) ?? line(typed.postal_code),
      city: line(member(address, 'locality')) ?? line(typed.locality),
      country: line(member(address, 'country')),
    }),
    postfach,
  });
};

// The one thing that identity takes from the ground of mails: what an address is, is not Bayern-ID's to say.
export { mailAddress, type MailAddress } from '../../mail/address.ts';

/** Everything about a citizen is sealed under her mailbox's key. */
export {
  newOwnerSealer as newMailboxSealer,
  openOwnerSealer as openMailboxSealer,
  type OwnerSealer as MailboxSealer,
} from '../../module-api/owner-sealer.ts';

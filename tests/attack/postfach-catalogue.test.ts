import { testCatalogue } from './catalogue.ts';

/** The group of the catalogue that is about Mein Postfach. */
testCatalogue({ MB: 12 }, [
  [
    'MB-01',
    'a letter or attachment of somebody else by its id',
    'as if it were not there',
    'postfach-citizen',
    'postfach',
  ],
  [
    'MB-02',
    'a token of another kind, a login that is too weak',
    '401 or 403, a step-up',
    'postfach-citizen',
    'postfach',
  ],
  ['MB-03', 'what would run, in texts, names and files', 'text, saved and never shown', 'postfach-citizen', 'postfach'],
  [
    'MB-04',
    'HTML as text or image, files of two kinds',
    'refused, never shown in the page',
    'postfach-citizen',
    'postfach',
  ],
  ['MB-05', 'bombs, macros, paths, 10,000 attachments', 'refused', 'postfach', 'postfach-floods'],
  [
    'MB-06',
    'sending as somebody else, or without the right',
    '403; a flood harms its sender alone',
    'postfach',
    'postfach-floods',
  ],
  [
    'MB-07',
    'handles that are foreign, guessed, altered, revoked',
    'one and the same 403',
    'postfach',
    'postfach-handles',
  ],
  ['MB-08', 'times and receipts of one’s own making', 'the server’s clock, once', 'postfach'],
  ['MB-09', 'what the notice mail gives away', 'nothing, and no link opens anything', 'postfach'],
  [
    'MB-10',
    'accounts that end, or become one',
    'keys go, letters move, no new account reads old letters',
    'postfach',
    'postfach-handles',
    'flow/postfach-ends',
    'flow/postfach-joined',
  ],
  ['MB-11', 'search, addresses, headers, page sizes', 'safe', 'postfach-citizen'],
  ['MB-12', 'attachments after the logout', 'no-store', 'postfach-citizen'],
]);

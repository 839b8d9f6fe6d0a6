/** The parts that have pages. Folder, `serve` name, client id, cookie name and database file are the same word. */
export const parts = [
  'id',
  'bayern-portal',
  'mein-postfach',
  'bezahlsystem',
  'fuehrungszeugnis',
  'registerbehoerde',
  'spielwiese',
  'eid-simulator',
  'payment-simulator',
] as const;

export type Part = (typeof parts)[number];

export type Environment = 'production' | 'development' | 'test';

import { beforeAll, describe, expect, test } from '@jest/globals';
import { requestFor } from '../../src/id/authentication/eid/attributes.ts';
import type { EidRequest } from '../../src/id/authentication/eid/port.ts';
import { expectAnswer } from '../../src/id/authentication/eid/tr03130/answers.ts';
import { judge } from '../../src/id/authentication/eid/tr03130/judgement.ts';
import { namespaces, resultMinor, schemas } from '../../src/id/authentication/eid/tr03130/names.ts';
import { writeUseId } from '../../src/id/authentication/eid/tr03130/requests.ts';
import { createPins, createSigner, type Pin } from '../../src/id/authentication/eid/tr03130/signer-keys.ts';
import { signMessage, verifyMessage } from '../../src/id/authentication/eid/tr03130/ws-security.ts';
import { children, MessageRefused, parseRoot } from '../../src/id/authentication/eid/tr03130/xml.ts';
import { cardAttributes } from '../../src/id/identity/attribute.ts';
import { issueCertificate, makeRsaKey } from '../../src/simulators/certificates.ts';
import { readRequest } from '../../src/simulators/eid-server/read-request.ts';
import { readCard } from '../../src/simulators/eid-server/reading.ts';
import { writeCardAnswer, writeError } from '../../src/simulators/eid-server/write-answer.ts';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';

/** Repeat a failure with FUZZ_SEED=<the printed one> FUZZ_COUNT=1. */
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);
const count = Number(process.env['FUZZ_COUNT'] ?? 20_000);

type Random = (below: number) => number;

/** mulberry32: the same seed, the same mutation, on every machine. */
const randomOf = (seed: number): Random => {
  let state = seed * 0x9e3779b1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};
/** A mutation finds nothing in this message that it could change. */
class NothingToChange extends Error {}

const pick = <Value>(random: Random, from: readonly Value[]): Value => {
  const found = from.at(random(from.length));
  if (found === undefined) throw new NothingToChange();
  return found;
};

const bytes: readonly ((message: Buffer, random: Random) => Buffer)[] = [
  (message, random) => {
    const changed = Buffer.from(message);
    for (let left = 1 + random(4); left > 0; left--) {
      const at = random(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
    }
    return changed;
  },
  (message, random) => message.subarray(0, random(message.length)),
  (message, random) => {
    const [a, b] = [random(message.length), random(message.length)].sort((x, y) => x - y) as [number, number];
    return Buffer.concat([message.subarray(0, a), message.subarray(b)]);
  },
  (message, random) => {
    const [from, length, to] = [random(message.length), random(400), random(message.length)];
    return Buffer.concat([message.subarray(0, to), message.subarray(from, from + length), message.subarray(to)]);
  },
  (message, random) => {
    const to = random(message.length);
    const found = pick(random, [
      '<',
      '>',
      '&',
      '"',
      '\0',
      '\ufeff',
      '\r',
      '\r\n',
      ' ',
      'ß',
      '\u0085',
      '\u2028',
      ']]>',
      '&#0;',
    ]);
    return Buffer.concat([message.subarray(0, to), Buffer.from(found), message.subarray(to)]);
  },
];

/** A tag, or the text between two. */
const tokensOf = (message: string): string[] => message.match(/<[^>]*>|[^<]+/g) ?? [];

/** Where elements begin and end, as positions in the tokens. */
const elementsOf = (tokens: readonly string[]): readonly (readonly [number, number])[] => {
  const open: number[] = [];
  const found: [number, number][] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.endsWith('/>')) found.push([at, at]);
    else if (token.startsWith('</')) found.push([open.pop() ?? 0, at]);
    else if (token.startsWith('<')) open.push(at);
  }
  return found;
};

const whole = (tokens: readonly string[], [from, to]: readonly [number, number]): string[] =>
  tokens.slice(from, to + 1);

type Restructure = (tokens: string[], random: Random, other: string[]) => string[];
const structures: readonly Restructure[] = [
  // an element twice, somewhere else, or not at all
  (tokens, random) => {
    const one = pick(random, elementsOf(tokens));
    return [...tokens.slice(0, one[0]), ...whole(tokens, one), ...tokens.slice(one[0])];
  },
  (tokens, random) => {
    const one = pick(random, elementsOf(tokens));
    const to = pick(random, elementsOf(tokens))[random(2) as 0 | 1];
    return [...tokens.slice(0, to), ...whole(tokens, one), ...tokens.slice(to)];
  },
  (tokens, random) => {
    const [from, to] = pick(random, elementsOf(tokens));
    return [...tokens.slice(0, from), ...tokens.slice(to + 1)];
  },
  // an element in the place of another, or one of another signed message
  (tokens, random) => {
    const [one, other] = [pick(random, elementsOf(tokens)), pick(random, elementsOf(tokens))];
    return [...tokens.slice(0, one[0]), ...whole(tokens, other), ...tokens.slice(one[1] + 1)];
  },
  (tokens, random, other) => {
    const one = pick(random, elementsOf(tokens));
    return [...tokens.slice(0, one[0]), ...whole(other, pick(random, elementsOf(other))), ...tokens.slice(one[1] + 1)];
  },
  (tokens, random, other) => {
    const to = random(tokens.length);
    return [...tokens.slice(0, to), ...whole(other, pick(random, elementsOf(other))), ...tokens.slice(to)];
  },
  // wrapped
  (tokens, random) => {
    const [from, to] = pick(random, elementsOf(tokens));
    const name = pick(random, [
      'x',
      'soapenv:Body',
      'ds:Object',
      'wsse:Security',
      'eid:PersonalData',
      'eid:getResultResponse',
    ]);
    return [
      ...tokens.slice(0, from),
      `<${name}>`,
      ...tokens.slice(from, to + 1),
      `</${name}>`,
      ...tokens.slice(to + 1),
    ];
  },
  // what parsers and canonicalisers disagree about
  (tokens, random) => {
    const at = random(tokens.length);
    const odd = pick(random, [
      '<!---->',
      '<![CDATA[x]]>',
      '<?x y?>',
      '&#65;',
      '&x;',
      '<!DOCTYPE a>',
      ' ',
      '\n',
      'MAX',
      '\u200b',
    ]);
    return [...tokens.slice(0, at), odd, ...tokens.slice(at)];
  },
  // another value, name, attribute or prefix
  (tokens, random) => {
    const texts = [...tokens.keys()].filter((at) => !tokens[at]?.startsWith('<'));
    const at = pick(random, texts);
    return tokens.with(
      at,
      pick(random, [
        '',
        'MAX',
        'ok',
        `${tokens[at]} `,
        pick(
          random,
          texts.map((one) => tokens[one] ?? ''),
        ),
      ]),
    );
  },
  (tokens, random) => {
    const at = pick(
      random,
      [...tokens.keys()].filter((one) => /^<\w/.test(tokens[one] ?? '')),
    );
    const more = pick(random, [
      ' Id="a"',
      ' wsu:Id="a"',
      ' xmlns="urn:x"',
      ' xmlns:eid="urn:x"',
      ' xmlns:ds="urn:x"',
      ' a="1" a="2"',
      ' xml:space="preserve"',
    ]);
    return tokens.with(at, (tokens[at] ?? '').replace(/(\/?>)$/, `${more}$1`));
  },
  (tokens, random) => {
    const at = pick(
      random,
      [...tokens.keys()].filter((one) => /="/.test(tokens[one] ?? '')),
    );
    return tokens.with(
      at,
      (tokens[at] ?? '').replace(
        /="[^"]*"/,
        `="${pick(random, ['', '#a', '#x', 'http://www.w3.org/2000/09/xmldsig#sha1', 'urn:x'])}"`,
      ),
    );
  },
];

const now = Date.UTC(2026, 10, 23, 12);
const request: EidRequest = requestFor({ announcement: 'Dienst', attributes: cardAttributes, level: 'basic' });
const settings = { assured_without_loa: 'high', minimum_level: undefined, eid_types: undefined } as const;

let pins: readonly Pin[];
/** Answers as an eID-Server signs them, with what they mean. */
const originals: { message: string; content: string; fingerprint: string; meaning: string }[] = [];
const meaningOf = (content: Parameters<typeof judge>[0]): string =>
  JSON.stringify(judge(content, request, settings, now));

beforeAll(async () => {
  const dates = { notBefore: new Date(now - 1000), notAfter: new Date(now + 86_400_000) };
  const own = issueCertificate({ commonName: 'signer', purpose: 'signer', ...dates }, await makeRsaKey());
  const signer = createSigner(own.certificate, own.key);
  pins = createPins([own.certificate]);
  const psk = { id: 'i'.repeat(32), key: 'ab'.repeat(32) };
  const { cards } = loadTestPersons('config/test-persons.yaml');
  const contents = schemas.flatMap((schema) => {
    const [asked] = children(parseRoot(`<b xmlns:eid="${namespaces.eid}">${writeUseId(request, psk, { schema })}</b>`));
    const read = asked && readRequest(asked);
    if (read?.operation !== 'useID') throw new Error('not useID');
    return cards.flatMap((card) => {
      const reading = readCard(card, read, { deselected: new Set(), sectorSecret: 's', now });
      return reading.kind === 'read' ? [writeCardAnswer(reading, read)] : [];
    });
  });
  for (const content of [
    ...contents,
    writeError('getResult', resultMinor.noResultYet),
    writeError('useID', resultMinor.internalError),
  ]) {
    const message = signMessage(content, signer, now);
    const { content: element, fingerprint } = verifyMessage(message, pins, now);
    originals.push({ message, content, fingerprint, meaning: meaningOf(element) });
  }
});

/** Runs a case for every seed; what goes wrong is told with the seed that repeats it. */
const forEverySeed = (run: (random: Random) => 'accepted' | 'refused'): Record<'accepted' | 'refused', number> => {
  const outcomes = { accepted: 0, refused: 0 };
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    try {
      outcomes[run(randomOf(seed))] += 1;
    } catch (error) {
      throw new Error(`FUZZ_SEED=${seed}: ${error instanceof Error ? error.stack : String(error)}`, { cause: error });
    }
  }
  return outcomes;
};

/** Half of the seeds mutate bytes, the other half structure; one in eight does it twice. */
const mutate = (message: string, other: string, random: Random): Buffer => {
  let mutated = Buffer.from(message);
  for (let left = random(8) === 0 ? 2 : 1; left > 0; left--) {
    if (random(2) === 0) {
      mutated = Buffer.from(pick(random, bytes)(mutated, random));
      continue;
    }
    try {
      const tokens = tokensOf(mutated.toString('utf8'));
      mutated = Buffer.from(pick(random, structures)(tokens, random, tokensOf(other)).join(''));
    } catch (error) {
      if (!(error instanceof NothingToChange)) throw error;
    }
  }
  return mutated;
};

describe(`EI-05 to EI-11: ${count} mutated answers each`, () => {
  test('the verifier: refused, or the signed words are the original ones', () => {
    const outcomes = forEverySeed((random) => {
      const original = pick(random, originals);
      const other = pick(random, originals);
      const mutated = mutate(original.message, other.message, random);
      try {
        const { content, fingerprint } = verifyMessage(mutated, pins, now);
        const signed = [original, other].find((one) => one.fingerprint === fingerprint);
        if (signed === undefined) throw new Error('accepted what nobody has signed');
        if (meaningOf(content) !== signed.meaning) throw new Error('what was read is not what was signed');
        return 'accepted';
      } catch (error) {
        if (error instanceof MessageRefused) return 'refused';
        throw error;
      }
    });
    expect(outcomes.accepted + outcomes.refused).toBe(count);
    // Both must happen, or the mutations are all too weak or all too strong: what lies outside the signed bytes may differ.
    if (count >= 1000) {
      expect(outcomes.accepted).toBeGreaterThan(count / 1000);
      expect(outcomes.refused).toBeGreaterThan(count / 2);
    }
  });

  test('the reader, given what was signed: an answer or a refusal, never an error, and no data without an ok', () => {
    const outcomes = forEverySeed((random) => {
      const [original, other] = [pick(random, originals), pick(random, originals)];
      const mutated = mutate(original.content, other.content, random).toString('utf8');
      try {
        const root = parseRoot(`<b xmlns:eid="${namespaces.eid}" xmlns:dss="${namespaces.dss}">${mutated}</b>`);
        const [content, ...more] = children(root);
        if (content === undefined || more.length > 0) return 'refused';
        const result = judge(expectAnswer(content, 'getResult'), request, settings, now);
        if (result.kind !== 'ok') return 'refused';
        if (!/resultmajor#ok\s*</.test(mutated)) throw new Error('data without an ok');
        for (const datum of ['documentType', 'dateOfExpiry', 'familyNames', 'dateOfBirth', 'restrictedId'] as const)
          if (result.data[datum] === undefined) throw new Error(`accepted without ${datum}`);
        return 'accepted';
      } catch (error) {
        if (error instanceof MessageRefused) return 'refused';
        throw error;
      }
    });
    expect(outcomes.accepted + outcomes.refused).toBe(count);
    if (count >= 1000) for (const outcome of Object.values(outcomes)) expect(outcome).toBeGreaterThan(count / 50);
  });
});

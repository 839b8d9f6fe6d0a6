import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import {
  createPins,
  createSigner,
  type Pin,
  type Signer,
} from '../../src/id/authentication/eid/tr03130/signer-keys.ts';
import { namespaces } from '../../src/id/authentication/eid/tr03130/names.ts';
import {
  envelopeOf,
  signEnvelope,
  signMessage,
  verifyMessage,
} from '../../src/id/authentication/eid/tr03130/ws-security.ts';
import { MessageRefused, textOf } from '../../src/id/authentication/eid/tr03130/xml.ts';
import { issueCertificate, makeRsaKey, type KeyAndCertificate } from '../../src/simulators/certificates.ts';
import { cpuTime } from '../support/cpu-time.ts';

const now = Date.UTC(2026, 10, 23, 12);
const day = 86_400_000;
const content = '<eid:getResultResponse><eid:Session><eid:ID>1234abcd</eid:ID></eid:Session></eid:getResultResponse>';
const evil = '<eid:getResultResponse><eid:Session><eid:ID>evil</eid:ID></eid:Session></eid:getResultResponse>';

const certify = async (from = now - day, to = now + day, bits = 3072): Promise<KeyAndCertificate> =>
  issueCertificate(
    { commonName: 'signer', purpose: 'signer', notBefore: new Date(from), notAfter: new Date(to) },
    await makeRsaKey(bits),
  );

let own: KeyAndCertificate;
let foreign: KeyAndCertificate;
let signer: Signer;
let pins: readonly Pin[];
let good: string;
beforeAll(async () => {
  [own, foreign] = await Promise.all([certify(), certify()]);
  signer = createSigner(own.certificate, own.key);
  pins = createPins([own.certificate]);
  good = signMessage(content, signer, now);
});

const readId = (message: string | Uint8Array, at = now): string | undefined => {
  const session = verifyMessage(message, pins, at).content.firstChild;
  return textOf(session as Parameters<typeof textOf>[0], 'ID');
};
const expectRefused = (message: string | Uint8Array, at = now): void => {
  expect(() => verifyMessage(message, pins, at)).toThrow(MessageRefused);
};

/** A part of the message, as text. */
const part = (message: string, name: string): string => {
  const found = new RegExp(`<${name}[ >][\\s\\S]*</${name}>`).exec(message)?.[0];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const change = (message: string, from: string | RegExp, to: string): string => {
  const changed = message.replace(from, to);
  expect(changed).not.toBe(message);
  return changed;
};

test('the good message is read, also with an XML declaration and as bytes', () => {
  expect(readId(good)).toBe('1234abcd');
  expect(readId(`<?xml version="1.0" encoding="UTF-8"?>\n${good}`)).toBe('1234abcd');
  expect(readId(Buffer.from(good))).toBe('1234abcd');
});

describe('EI-05, EI-08: signature wrapping', () => {
  const shapes: Record<string, () => string> = {
    'signed Body kept in a wrapper in the Header, a new Body with another Id': () => {
      const body = part(good, 'soapenv:Body');
      return good
        .replace(body, `<soapenv:Body>${evil}</soapenv:Body>`)
        .replace('</soapenv:Header>', `<wrapper>${body}</wrapper></soapenv:Header>`);
    },
    'signed Body kept in the Header, a new Body with the same Id': () => {
      const body = part(good, 'soapenv:Body');
      return good
        .replace(body, body.replace(content, evil))
        .replace('</soapenv:Header>', `<wrapper>${body}</wrapper></soapenv:Header>`);
    },
    'signed Body inside Security': () => {
      const body = part(good, 'soapenv:Body');
      return good
        .replace(body, body.replace(content, evil).replace('Body-', 'Evil-'))
        .replace('</wsse:Security>', `${body}</wsse:Security>`);
    },
    'signed Body inside an Object of the Signature': () => {
      const body = part(good, 'soapenv:Body');
      return good
        .replace(body, body.replace(content, evil).replace('Body-', 'Evil-'))
        .replace('</ds:Signature>', `<ds:Object>${body}</ds:Object></ds:Signature>`);
    },
    'signed Body inside the new Body': () => {
      const body = part(good, 'soapenv:Body');
      return good.replace(body, `<soapenv:Body>${evil}${body}</soapenv:Body>`);
    },
    'two Bodies side by side, the forged one first': () => {
      const body = part(good, 'soapenv:Body');
      return good.replace(body, `<soapenv:Body>${evil}</soapenv:Body>${body}`);
    },
    'two Bodies side by side, the forged one last': () => {
      const body = part(good, 'soapenv:Body');
      return good.replace(body, `${body}<soapenv:Body>${evil}</soapenv:Body>`);
    },
    'the whole signed envelope inside a forged one': () =>
      good
        .replace(part(good, 'soapenv:Body'), `<soapenv:Body>${evil}</soapenv:Body>`)
        .replace('</soapenv:Header>', `<Extensions>${good}</Extensions></soapenv:Header>`),
    'a forged element beside the signed content': () => good.replace('</soapenv:Body>', `${evil}</soapenv:Body>`),
    'XSW1: a forged envelope around all, the signed envelope inside its Signature': () => {
      const outer = good.replace(part(good, 'soapenv:Body'), `<soapenv:Body>${evil}</soapenv:Body>`);
      return outer.replace('</ds:Signature>', `${good}</ds:Signature>`);
    },
    'XSW2: the same, the signed envelope before the Signature': () => {
      const outer = good.replace(part(good, 'soapenv:Body'), `<soapenv:Body>${evil}</soapenv:Body>`);
      return outer.replace('<ds:Signature', `${good}<ds:Signature`);
    },
    'XSW3: a forged Body with an Id of its own before the signed one': () => {
      const body = part(good, 'soapenv:Body');
      const forged = body.replace(content, evil).replace('Body-', 'Evil-');
      return good.replace(body, forged + body);
    },
    'XSW4: the signed Body inside the forged one, which has an Id of its own': () => {
      const body = part(good, 'soapenv:Body');
      const forged = body.replace(content, evil + body).replace('Body-', 'Evil-');
      return good.replace(body, forged);
    },
    'XSW5: the forged Body with the signed Id in its place, the signed one without it at the end': () => {
      const body = part(good, 'soapenv:Body');
      const forged = body.replace(content, evil);
      return good.replace(body, forged + body.replace(/ wsu:Id="[^"]*"/, ''));
    },
    'XSW6: the forged Body holds the Signature, and that the signed Body': () => {
      const [body, signature] = [part(good, 'soapenv:Body'), part(good, 'ds:Signature')];
      const within = signature.replace('</ds:Signature>', `${body}</ds:Signature>`);
      const forged = body.replace(content, evil + within).replace('Body-', 'Evil-');
      return good.replace(signature, '').replace(body, forged);
    },
    'XSW7: the forged Body with the signed Id in Extensions, before the signed one': () => {
      const body = part(good, 'soapenv:Body');
      return good.replace(body, `<Extensions>${body.replace(content, evil)}</Extensions>${body}`);
    },
    'XSW8: the signed Body in an Object of the Signature, the forged one with its Id in its place': () => {
      const body = part(good, 'soapenv:Body');
      return good
        .replace(body, body.replace(content, evil))
        .replace('</ds:Signature>', `<ds:Object>${body}</ds:Object></ds:Signature>`);
    },
    'the signed Timestamp kept elsewhere, a new one in its place': () => {
      const timestamp = part(good, 'wsu:Timestamp');
      return good
        .replace(timestamp, timestamp.replace('TS-', 'New-'))
        .replace(
          '</soapenv:Header>',
          `<wrapper>${timestamp.replace('>', ` xmlns:wsu="${namespaces.wsu}">`)}</wrapper></soapenv:Header>`,
        );
    },
    'a second Header': () => good.replace('<soapenv:Header>', '<soapenv:Header/><soapenv:Header>'),
    'the Signature moved into the Body': () => {
      const signature = part(good, 'ds:Signature');
      return good.replace(signature, '').replace('</soapenv:Body>', `${signature}</soapenv:Body>`);
    },
  };
  test.each(Object.keys(shapes))('%s', (name) => {
    const forged = shapes[name]?.() ?? '';
    expect(forged).not.toBe(good);
    // Well-formed, or it would be refused for nothing but that.
    expect(() => new DOMParser({ onError: onWarningStopParsing }).parseFromString(forged, 'text/xml')).not.toThrow();
    expectRefused(forged);
  });

  test('a signature over something else than Body and Timestamp', () => {
    // Signed by the right key, but the Timestamp's place is taken by an element that says nothing.
    const envelope = envelopeOf(content, now);
    const forged = envelope.replace(/<wsu:Timestamp wsu:Id="TS-[^"]*">/, (tag) => tag.replace('TS-', 'Real-'));
    const signed = signEnvelope(forged, signer);
    expect(readId(signed)).toBe('1234abcd');
    expectRefused(change(signed, /URI="#Real-[^"]*"/, 'URI=""'));
    expectRefused(change(signed, /<ds:Reference URI="#Real-[\s\S]*?<\/ds:Reference>/, ''));
    const twice = /<ds:Reference URI="#Body-[\s\S]*?<\/ds:Reference>/.exec(signed)?.[0] ?? '';
    expectRefused(change(signed, /<ds:Reference URI="#Real-[\s\S]*?<\/ds:Reference>/, twice));
  });
});

describe('EI-06: unsigned, or nothing to check against', () => {
  test('no signature at all', () => expectRefused(envelopeOf(content, now)));
  test('signature stripped', () => expectRefused(good.replace(part(good, 'ds:Signature'), '')));
  test('Security stripped', () => expectRefused(good.replace(part(good, 'wsse:Security'), '')));
  test('a plain SOAP Fault', () =>
    expectRefused(
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode></s:Fault></s:Body></s:Envelope>',
    ));
  test('no pinned certificate: no start', () => expect(() => createPins([])).toThrow());
});

describe('EI-07, EI-09: comments, CDATA, two SignedInfo', () => {
  test.each([
    ['comment in DigestValue', /<ds:DigestValue>/, '<ds:DigestValue><!--x-->'],
    ['comment in SignedInfo', /<ds:SignedInfo>/, '<ds:SignedInfo><!--x-->'],
    ['comment in SignatureValue', /<ds:SignatureValue>/, '<ds:SignatureValue><!--x-->'],
    ['comment in an identifier', '1234abcd', '1234<!--x-->abcd'],
    ['CDATA in an identifier', '1234abcd', '1234<![CDATA[abcd]]>'],
    ['processing instruction in an identifier', '1234abcd', '1234<?x abcd?>'],
    ['two SignedInfo', /(<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>)/, '$1$1'],
    ['two SignatureValue', /(<ds:SignatureValue>[\s\S]*<\/ds:SignatureValue>)/, '$1$1'],
    ['two DigestValue', /(<ds:DigestValue>[^<]*<\/ds:DigestValue>)/, '$1$1'],
    ['a third Reference', /(<ds:Reference [\s\S]*?<\/ds:Reference>)/, '$1$1'],
  ])('%s', (_, from, to) => expectRefused(change(good, from, to)));
});

describe('EI-14: algorithms', () => {
  const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
  /** What an attacker could do who found a SHA-1 collision: a message whose parts are right, with weaker algorithms. */
  const resign = (key: KeyObject | string, method: string, hash: string, change: (info: string) => string): string => {
    const message = good.replace(/(<ds:SignatureMethod Algorithm=")[^"]*/, `$1${method}`);
    const changed = change(message);
    const info = part(changed, 'ds:SignedInfo');
    const canonical = info
      .replace('<ds:SignedInfo>', '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">')
      .replace(/<([\w:]+)([^>]*)\/>/g, '<$1$2></$1>');
    const value = createSign(hash).update(canonical).sign(key, 'base64');
    return changed.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`);
  };
  const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

  test('the tool of these tests makes messages that pass when nothing is weakened', () => {
    expect(readId(resign(own.key, rsaSha256, 'RSA-SHA256', (message) => message))).toBe('1234abcd');
  });

  test('RSA with SHA-1', () =>
    expectRefused(resign(own.key, 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'RSA-SHA1', (message) => message)));

  test('digest with SHA-1', () => {
    const body = part(good, 'soapenv:Body');
    const canonical = body
      .replace(/ xmlns:wsu="[^"]*" /, ' ')
      .replace(
        '<soapenv:Body ',
        '<soapenv:Body xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" ',
      )
      .replace('<eid:getResultResponse>', '<eid:getResultResponse xmlns:eid="http://bsi.bund.de/eID/">');
    const digest = createHash('sha256').update(canonical).digest('base64');
    expect(good).toContain(digest);
    const weak = createHash('sha1').update(canonical).digest('base64');
    expectRefused(
      resign(own.key, rsaSha256, 'RSA-SHA256', (message) =>
        message.replace(digest, weak).replace(/(URI="#Body-[\s\S]*?<ds:DigestMethod Algorithm=")[^"]*/, `$1${sha1}`),
      ),
    );
  });

  test.each([
    ['HMAC with the public key', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'],
    ['nothing', ''],
    ['an unknown one', 'urn:none'],
  ])('signature method: %s', (_, uri) =>
    expectRefused(change(good, /(<ds:SignatureMethod Algorithm=")[^"]*/, `$1${uri}`)),
  );

  test.each([
    ['inclusive', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'],
    ['with comments', 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments'],
  ])('canonicalisation: %s', (_, uri) => {
    expectRefused(change(good, /(<ds:CanonicalizationMethod Algorithm=")[^"]*/, `$1${uri}`));
    expectRefused(change(good, /(<ds:Transform Algorithm=")[^"]*/, `$1${uri}`));
  });

  test.each([
    ['enveloped signature', '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'],
    [
      'XPath',
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>1</ds:XPath></ds:Transform>',
    ],
    ['XSLT', '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'],
    ['twice', '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'],
  ])('a second transform: %s', (_, transform) =>
    expectRefused(change(good, '<ds:Transforms>', `<ds:Transforms>${transform}`)),
  );

  test('a list of inclusive prefixes is allowed, as WSS4J writes it', () => {
    const list = '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="none"/>';
    const message = resign(own.key, rsaSha256, 'RSA-SHA256', (text) =>
      text.replace(/(<ds:CanonicalizationMethod [^>]*>)/, `$1${list}`),
    );
    expect(readId(message)).toBe('1234abcd');
  });
});

describe('EI-10: duplicates', () => {
  test.each([
    ['the Body has the Timestamp’s Id', () => good.replaceAll('TS-', 'Body-')],
    [
      'an element inside the Body repeats its Id',
      () => {
        const id = /wsu:Id="(Body-[^"]*)"/.exec(good)?.[1] ?? '';
        return good.replace('<eid:Session>', `<eid:Session Id="${id}">`);
      },
    ],
    ['an attribute twice', () => good.replace('wsu:Id="Body-', 'wsu:Id="x" wsu:Id="Body-')],
    [
      'an Id under two prefixes of one namespace',
      () => good.replace(/(<soapenv:Body xmlns:wsu="([^"]*)" )/, '$1xmlns:w="$2" w:Id="Evil" '),
    ],
    [
      'an attribute under two prefixes of one namespace, behind a value with a ">"',
      () =>
        good
          .replace('<soapenv:Envelope ', '<soapenv:Envelope xmlns:v="urn:v" xmlns:w="urn:v" v:a="1" ')
          .replace(`xmlns:eid="${namespaces.eid}">`, `xmlns:eid="${namespaces.eid}" b=">" w:a="2">`),
    ],
    ['an unsafe Id', () => good.replaceAll(/Body-([0-9a-f]+)/g, "Body-']|//*[' $1")],
  ])('%s', (_, forge) => {
    const forged = forge();
    expect(forged).not.toBe(good);
    expectRefused(forged);
  });
});

describe('EI-11: what the parser must not see', () => {
  const bombs: Record<string, () => string> = {
    DOCTYPE: () => `<!DOCTYPE a>${good}`,
    'external entity': () => `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${good.replace('1234abcd', '&x;')}`,
    'parameter entity': () => `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]>${good}`,
    'entity expansion': () =>
      `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]>${good.replace('1234abcd', '&c;')}`,
    'an undeclared entity': () => good.replace('1234abcd', '&x;'),
    'numeric references by the thousand': () => good.replace('1234abcd', '&#x41;'.repeat(60_000)),
    'depth 100,000': () => '<a>'.repeat(100_000) + '</a>'.repeat(100_000),
    'depth 10,000 in the Body': () => good.replace(content, '<a>'.repeat(10_000) + '</a>'.repeat(10_000)),
    'depth 40 in the Body': () => good.replace(content, '<a>'.repeat(40) + '</a>'.repeat(40)),
    '5,000 elements': () => good.replace(content, '<a/>'.repeat(5000)),
    '10 MB': () => good.replace('1234abcd', 'x'.repeat(10_000_000)),
    '20,000 attributes': () =>
      good.replace('<eid:Session>', `<eid:Session ${Array.from({ length: 20_000 }, (_, i) => `a${i}="1"`).join(' ')}>`),
    'XML 1.1': () => `<?xml version="1.1"?>${good}`,
    'another encoding': () => `<?xml version="1.0" encoding="ISO-8859-1"?>${good}`,
    'not well-formed': () => good.replace('</eid:Session>', ''),
    'text after the end': () => `${good}more`,
    nothing: () => '',
  };
  test.each(Object.keys(bombs))('%s, in less than 100 ms of CPU', (name) => {
    const message = bombs[name]?.() ?? '';
    const held: number[] = [];
    const time = cpuTime(() => {
      const before = process.memoryUsage().heapUsed;
      expectRefused(message);
      held.push(process.memoryUsage().heapUsed - before);
    });
    expect(time).toBeLessThan(100);
    expect(Math.min(...held)).toBeLessThan(64 * 1024 * 1024);
  });

  test('broken UTF-8 and UTF-16', () => {
    const bytes = Buffer.from(good);
    bytes[bytes.indexOf('1234abcd')] = 0xff;
    expectRefused(bytes);
    expectRefused(Buffer.from(good, 'utf16le'));
  });
});

describe('EI-13, EI-14: signers', () => {
  test('a foreign certificate', () =>
    expectRefused(signMessage(content, createSigner(foreign.certificate, foreign.key), now)));

  test('a foreign certificate that is sent along', () => {
    const message = signMessage(content, createSigner(foreign.certificate, foreign.key), now);
    const base64 = foreign.certificate.replace(/-----[^-]*-----|\n/g, '');
    const key = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
    expectRefused(message.replace(part(message, 'ds:KeyInfo'), key));
  });

  test('KeyInfo is ignored: with nonsense in it the pinned key still decides', () => {
    expect(readId(good.replace(part(good, 'ds:KeyInfo'), '<ds:KeyInfo><x/></ds:KeyInfo>'))).toBe('1234abcd');
  });

  test('a pinned certificate that has expired, or is not valid yet', () => {
    expectRefused(signMessage(content, signer, now + 2 * day), now + 2 * day);
    expectRefused(signMessage(content, signer, now - 2 * day), now - 2 * day);
  });

  test('of several pins each may sign', () => {
    const both = createPins([foreign.certificate, own.certificate]);
    expect(verifyMessage(good, both, now).content.localName).toBe('getResultResponse');
    const other = signMessage(content, createSigner(foreign.certificate, foreign.key), now);
    expect(verifyMessage(other, both, now).content.localName).toBe('getResultResponse');
  });

  test.each([
    ['one bit of the value', (value: string) => (value.startsWith('A') ? 'B' : 'A') + value.slice(1)],
    ['empty value', () => ''],
    ['garbage before it', (value: string) => `AAAA${value}`],
    ['garbage behind it', (value: string) => `${value}AAAA`],
  ])('signature value: %s', (_, spoil) => {
    const value = /<ds:SignatureValue>([^<]*)/.exec(good)?.[1] ?? '';
    expectRefused(good.replace(value, spoil(value)));
  });

  test('keys with a low exponent, short keys and other kinds of keys are refused at the start', async () => {
    const low = generateKeyPairSync('rsa', {
      modulusLength: 3072,
      publicExponent: 3,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const dates = { notBefore: new Date(now - day), notAfter: new Date(now + day) };
    const weak = issueCertificate({ commonName: 'low', purpose: 'signer', ...dates }, low);
    expect(() => createPins([weak.certificate])).toThrow(/65537/);
    expect(() => createSigner(weak.certificate, weak.key)).toThrow(/65537/);
    const short = await certify(now - day, now + day, 2048);
    expect(() => createPins([short.certificate])).toThrow(/3000 bits/);
    expect(() => createPins(['not a certificate'])).toThrow();
    expect(() => createSigner(own.certificate, foreign.key)).toThrow(/does not belong/);
  });
});

describe('EI-15: broken certificates', () => {
  const pem = (der: Buffer): string =>
    `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  test.each([
    ['nested 50,000 deep', () => Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from([0x30, 0x80])))],
    ['an OID that overflows', () => Buffer.from(`3082000f060d${'ff'.repeat(12)}7f`, 'hex')],
    ['a length beyond the end', () => Buffer.from('3084ffffffff', 'hex')],
    [
      'a modulus of zero',
      () => {
        const der = Buffer.from(own.certificate.replace(/-----[^-]*-----|\n/g, ''), 'base64');
        const at = der.indexOf(Buffer.from('0282018100', 'hex'));
        return Buffer.concat([der.subarray(0, at + 4), Buffer.alloc(385), der.subarray(at + 4 + 385)]);
      },
    ],
  ])('%s: an error in less than 100 ms of CPU', (_, der) => {
    const bytes = pem(der());
    expect(cpuTime(() => expect(() => createPins([bytes])).toThrow())).toBeLessThan(100);
  });
});

describe('EI-04: freshness', () => {
  const minute = 60_000;
  test.each([0, -2.9, 2.9, -3, 3])('%d minutes off is accepted', (minutes) => {
    expect(readId(good, now + minutes * minute)).toBe('1234abcd');
  });
  test.each([-3.01, 3.01, -60, 60])('%d minutes off is refused', (minutes) =>
    expectRefused(good, now + minutes * minute),
  );

  const signed = (from: RegExp | string, to: string): string =>
    signEnvelope(change(envelopeOf(content, now), from, to), signer);
  test.each([
    ['no Created', /<wsu:Created>.*?<\/wsu:Created>/, ''],
    ['no Expires', /<wsu:Expires>.*?<\/wsu:Expires>/, ''],
    ['two Created', /(<wsu:Created>.*?<\/wsu:Created>)/, '$1$1'],
    ['Expires before Created', /(<wsu:Expires>)[^<]*/, `$1${new Date(now - 1000).toISOString()}`],
    ['no time zone', /(<wsu:Created>[^<]*)Z/, '$1'],
    ['an additional block in Security', '</wsse:Security>', '<x xmlns="urn:x"/></wsse:Security>'],
    ['an additional header', '</soapenv:Header>', '<x xmlns="urn:x"/></soapenv:Header>'],
    ['two elements in the Body', '</soapenv:Body>', '<x/></soapenv:Body>'],
    ['the same Id twice elsewhere', '<eid:Session>', '<eid:Session><a Id="x"/><b ID="x"/>'],
    ['a depth of 40', '<eid:Session>', `<eid:Session>${'<a>'.repeat(40)}${'</a>'.repeat(40)}`],
    ['no time at all', /(<wsu:Created>)[^<]*/, '$1today'],
  ])('signed, but %s', (_, from, to) => expectRefused(signed(from, to)));
});

test('a changed value, Timestamp or Id', () => {
  expectRefused(change(good, '1234abcd', '1234abce'));
  expectRefused(change(good, /<wsu:Expires>2026/, '<wsu:Expires>2027'));
  expectRefused(change(good, /wsu:Id="Body-/, 'wsu:Id="Bodx-'));
});

test('SOAP 1.2, foreign roots and additional header blocks', () => {
  expectRefused(
    good.replaceAll('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
  );
  expectRefused(`<x>${good}</x>`);
  expectRefused(change(good, '</soapenv:Header>', '<a xmlns="urn:a"/></soapenv:Header>'));
});

test('what is refused says no word of the message', () => {
  for (const message of [change(good, '1234abcd', 'secret-word'), good.replace('</eid:Session>', 'secret-word')]) {
    expect(() => verifyMessage(message, pins, now)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret-word') }),
    );
  }
});

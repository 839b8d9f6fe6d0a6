import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, generateKeyPair } from 'jose';
import { goOn } from './service.ts';
import { createPerson } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max } from '../support/journey.ts';
import {
  declared,
  letterTo,
  newId,
  sha512,
  startPostfach,
  type PostfachWorld,
  type TestFile,
  type TestSender,
} from '../support/postfach.ts';

let world: PostfachWorld;
let sender: TestSender;
let foreign: TestSender;
let handle: string;

beforeAll(async () => {
  world = await startPostfach();
  sender = await world.sender('amt');
  foreign = await world.sender('fremd', { authority: 'anderswo' });
  handle = await sender.handleOf(erika);
});
afterAll(() => world.stop());

const files = async (): Promise<number> => {
  const names = [];
  for (const entry of await readdir(join(world.app.data, 'data', 'mein-postfach-attachments'), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []))
    if (entry.isFile()) names.push(entry.name);
  return names.length;
};

const letters = async (): Promise<number> => {
  const { letters: found } = await world.postfach.records.letters.list(await world.mailboxOf(erika.login), 'high', {
    folder: 'inbox',
    limit: 500,
  });
  return found.length;
};

const codeOf = async (who: TestSender, letter: Record<string, unknown>, sent: readonly TestFile[] = []) => {
  const { status, body } = await who.deliver(newId(), letter, sent);
  return [status, body['code'] ?? 'taken'];
};

describe('MB-06, MB-07: who may send to whom', () => {
  test('every handle that is not one is refused with one and the same answer', async () => {
    const revoked = await world.sender('widerrufen', { authority: 'widerruf' });
    const gone = await revoked.handleOf(max);
    const citizen = await world.app.citizen(max.login);
    await world.app.app.id?.stores.records.query
      .deleteFrom('postfach_handles')
      .where('account_id', '=', citizen?.account.id ?? '')
      .execute();
    const altered = `${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`;
    const answers = [
      await foreign.deliver(newId(), letterTo(handle)),
      await sender.deliver(newId(), letterTo(altered)),
      await sender.deliver(newId(), letterTo(randomBytes(32).toString('base64url'))),
      await revoked.deliver(newId(), letterTo(gone)),
      await sender.deliver(newId(), letterTo(' ')),
    ];
    for (const { status, body } of answers) {
      const { instance, ...rest } = body;
      expect([status, rest]).toEqual([
        403,
        { type: 'about:blank', title: 'mailbox_unknown', status: 403, code: 'mailbox_unknown' },
      ]);
      expect(instance).toMatch(/^urn:bayern-id:request:/);
    }
    expect(await letters()).toBe(0);
  });

  test('a sender that the citizen has blocked learns no more than one whose handle is none', async () => {
    const loud = await world.sender('laut');
    const own = await loud.handleOf(erika);
    expect(await codeOf(loud, letterTo(own))).toEqual([201, 'taken']);
    const mailbox = await world.mailboxOf(erika.login);
    await world.postfach.records.blockedSenders.block(mailbox, 'laut');
    const broken = { name: 'a.txt', type: 'text/plain', content: Buffer.from('text') };
    const attachments = [{ ...declared([broken])[0], length: 3 }];
    const status = {
      status: 'RECEIVED',
      publicServiceName: 'Hundesteuer',
      senderName: 'Amt',
      createdDate: new Date(0).toISOString(),
    };
    for (const recipient of [own, randomBytes(32).toString('base64url')]) {
      expect(await codeOf(loud, letterTo(recipient, { attachments }), [broken])).toEqual([403, 'mailbox_unknown']);
      const told = await loud.call('PUT', `/api/applications/${newId()}/statuses/1`, { ...status, recipient });
      expect([told.status, told.body['code']]).toEqual([403, 'mailbox_unknown']);
    }
    await world.postfach.records.blockedSenders.unblock(mailbox, 'laut');
  });

  test('handles of one authority are one, those of two say nothing of each other', async () => {
    const second = await world.sender('amt-zwei');
    expect(await second.handleOf(erika)).toBe(handle);
    expect(await foreign.handleOf(erika)).not.toBe(handle);
  });

  test.each<[string, () => Promise<string>, number]>([
    ['no token', async () => '', 401],
    ['nonsense', async () => 'nonsense', 401],
    [
      'a token signed by somebody else',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT({ scope: 'postfach:deliver', client_id: 'amt', sub: 'amt' })
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
          .setIssuer(world.app.issuer)
          .setAudience(`${world.app.postfach}/api`)
          .setExpirationTime('60s')
          .sign(privateKey);
      },
      401,
    ],
    ['a token for reading', () => sender.token('postfach:read'), 403],
    [
      'a client that is no sender',
      async () => {
        const file = {
          grant_types: ['authorization_code', 'client_credentials'],
          resources: { [`${world.app.postfach}/api`]: ['postfach:deliver'] },
        };
        const client = await world.services.add({ clientId: 'niemand', by: 'private_key_jwt', file });
        const granted = await client.tokens({ grant_type: 'client_credentials', scope: 'postfach:deliver' });
        return granted.access_token;
      },
      403,
    ],
    [
      'MB-02: a citizen’s token from a sender',
      async () => {
        const resource = `${world.app.postfach}/api`;
        const { service } = sender;
        const person = createPerson();
        const page = await goOn(
          world.app,
          person,
          await service.ask(person, { scope: 'openid postfach:deliver', resource }),
        );
        return (await service.redeem(page, { resource })).access_token;
      },
      403,
    ],
  ])('%s', async (_name, token, status) => {
    const form = new FormData();
    form.append('letter', new Blob([JSON.stringify(letterTo(handle))], { type: 'application/json' }));
    const bearer = await token();
    const response = await fetch(`${world.app.postfach}/api/letters/${newId()}`, {
      method: 'PUT',
      headers: bearer === '' ? {} : { authorization: `Bearer ${bearer}` },
      body: form,
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('another sender’s letter is not there, and its message id is its own', async () => {
    const id = newId();
    expect((await sender.deliver(id, letterTo(handle))).status).toBe(201);
    expect((await foreign.call('GET', `/api/letters/${id}`)).status).toBe(404);
    expect((await foreign.deliver(id, letterTo(await foreign.handleOf(erika)))).status).toBe(201);
  });

  test('beyond its rate a sender is refused, and only it', async () => {
    const slow = await world.sender('langsam', { file: { letters_per_minute: 2 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => slow.deliver(newId(), letterTo(handle))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(18);
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await codeOf(sender, letterTo(handle))).toEqual([201, 'taken']);
  });
});

/** An archive as office programs write it. `lie` changes what the directory says of an entry. */
const archive = (
  entries: readonly {
    readonly name: string;
    readonly content: Buffer;
    readonly lie?: number;
    readonly stored?: boolean;
  }[],
): Buffer => {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, lie, stored } of entries) {
    const packed = stored === true ? content : deflateRawSync(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(stored === true ? 0 : 8, 8);
    header.writeUInt32LE(crc32(content), 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(lie ?? content.length, 22);
    header.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    header.copy(central, 8, 6, 30);
    header.copy(central, 10, 8, 28);
    central.writeUInt16LE(0, 8);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(header, Buffer.from(name), packed);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
};

const types = { name: '[Content_Types].xml', content: Buffer.from('<Types/>') };
const main = {
  name: 'word/document.xml',
  content: Buffer.from('<w:document xmlns:w="w"><w:p>Text</w:p></w:document>'),
};
const partOf = (name: string, content: string | Buffer) => ({ name, content: Buffer.from(content as string) });
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const pdfOf = (...objects: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([Buffer.from('%PDF-1.5\n'), ...objects.map((one) => Buffer.from(one)), Buffer.from('\n%%EOF\n')]);
const stream = (dictionary: string, content: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`1 0 obj\n<< ${dictionary} /Length ${content.length} >>\nstream\n`),
    content,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(100)]);
const laughs = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>';

describe('MB-03, MB-04, MB-05: attachments', () => {
  const refuse = (name: string, type: string, content: Buffer | string): [string, TestFile] => [
    '',
    { name, type, content: Buffer.from(content as string) },
  ];
  test.each<[string, TestFile, string]>(
    (
      [
        ['a path', refuse('../../etc/cron.d/x.txt', 'text/plain', 'x'), 'name'],
        ['a Windows path', refuse('C:\\x.txt', 'text/plain', 'x'), 'name'],
        ['a name that turns the writing round', refuse('rech\u202etxt.exe.txt', 'text/plain', 'x'), 'name'],
        ['another ending', refuse('x.exe', 'text/plain', 'x'), 'name'],
        ['a device', refuse('con.txt', 'text/plain', 'x'), 'name'],
        ['SVG', refuse('x.svg', 'image/svg+xml', '<svg onload="x()"/>'), 'type'],
        ['HTML', refuse('x.html', 'text/html', '<script>x()</script>'), 'type'],
        ['an archive', refuse('x.zip', 'application/zip', 'PK'), 'type'],
        ['a program', refuse('x.exe', 'application/x-msdownload', 'MZ'), 'type'],
        ['HTML as text', refuse('x.txt', 'text/plain', '<!DOCTYPE html><script>x()</script>'), 'type'],
        ['HTML as an image', refuse('x.png', 'image/png', '<html><script>x()</script>'), 'type'],
        ['an image as a PDF', refuse('x.pdf', 'application/pdf', png), 'type'],
        ['bytes as text', refuse('x.txt', 'text/plain', Buffer.from([0x41, 0xff, 0xfe])), 'not_text'],
        ['SVG as XML', refuse('x.xml', 'application/xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'), 'script'],
        [
          'XHTML under a prefix',
          refuse('x.xml', 'application/xml', '<a:b xmlns:a="http://www.w3.org/1999/xhtml"/>'),
          'script',
        ],
        [
          'XHTML whose name is written in numbers',
          refuse('x.xml', 'application/xml', "<a:b xmlns:a='http://www.w3.org/1999/&#0120;html' onclick='x()'/>"),
          'script',
        ],
        ['SVG under another prefix', refuse('x.xml', 'application/xml', '<\u00e0:svg xmlns:\u00e0="x"/>'), 'script'],
        ['a billion laughs', refuse('x.xml', 'application/xml', laughs), 'document_type'],
        [
          'a style sheet that runs',
          refuse('x.xml', 'application/xml', '<?xml-stylesheet href="x.xsl"?><a/>'),
          'script',
        ],
        [
          'XML without end, with what closes nothing',
          refuse('x.xml', 'application/xml', '<!--</a>--><![CDATA[</a>]]><?x </a>?><a b="/>">'.repeat(1000)),
          'broken',
        ],
        [
          'XML that says its encoding late',
          refuse('x.xml', 'application/xml', `<?xml version="1.0"${' '.repeat(3000)}encoding="utf-7"?><a/>`),
          'not_text',
        ],
        ['XML without end', refuse('x.xml', 'application/xml', '<a>'.repeat(5000)), 'broken'],
        [
          'XML in another encoding',
          refuse('x.xml', 'application/xml', '<?xml version="1.0" encoding="utf-7"?><a/>'),
          'not_text',
        ],
        ['EICAR', refuse('x.txt', 'text/plain', `${'x'.repeat(65_500)}${eicar}`), 'virus_test_file'],
        [
          'EICAR in a document',
          refuse('x.docx', docx, archive([types, main, { name: 'word/x.txt', content: Buffer.from(eicar) }])),
          'virus_test_file',
        ],
        [
          'macros',
          refuse('x.docx', docx, archive([types, main, { name: 'word/vbaProject.bin', content: Buffer.from('x') }])),
          'macro',
        ],
        [
          'macros in other quotes',
          refuse(
            'x.docx',
            docx,
            archive([types, main, partOf('word/_rels/x.rels', "<R Type='http://x/relationships/vba&#x50;roject'/>")]),
          ),
          'embedded_file',
        ],
        [
          'macros declared in numbers, in a part that is called otherwise',
          refuse('x.docx', docx, archive([types, main, partOf('word/x.dat', '<T a="macro&#69;nabled"/>')])),
          'macro',
        ],
        [
          'a template from elsewhere, far from its place',
          refuse(
            'x.docx',
            docx,
            archive([
              types,
              main,
              partOf(
                'word/_rels/x.rels',
                `<R Type="http://x/relationships/attachedTemplate"${' '.repeat(40_000)}TargetMode="External"/>`,
              ),
            ]),
          ),
          'macro',
        ],
        [
          'a script of another prefix',
          refuse('x.docx', docx, archive([types, main, partOf('content.xml', '<o:script xmlns:o="x"/>')])),
          'macro',
        ],
        [
          'markup in UTF-16',
          refuse('x.docx', docx, archive([types, main, partOf('word/x.dat', Buffer.from('\ufeff<a/>', 'utf16le'))])),
          'not_text',
        ],
        [
          'a path in a document',
          refuse('x.docx', docx, archive([types, main, { name: '../x.xml', content: Buffer.from('<a/>') }])),
          'archive',
        ],
        [
          'an archive in a document',
          refuse('x.docx', docx, archive([types, main, { name: 'word/x.xml', content: archive([types]) }])),
          'archive',
        ],
        [
          'a document that unpacks to far more',
          refuse('x.docx', docx, archive([types, main, { name: 'word/x.xml', content: Buffer.alloc(8_000_000, 32) }])),
          'too_large_unpacked',
        ],
        [
          'a document that says less than it unpacks to',
          refuse(
            'x.docx',
            docx,
            archive([types, main, { name: 'word/x.xml', content: Buffer.alloc(900_000, 32), lie: 10 }]),
          ),
          'too_large_unpacked',
        ],
        [
          'entities in a document',
          refuse('x.docx', docx, archive([types, { ...main, content: Buffer.from(laughs) }])),
          'document_type',
        ],
        ['any archive as a document', refuse('x.docx', docx, archive([types])), 'type'],
        ['half an archive', refuse('x.docx', docx, archive([types, main]).subarray(0, 100)), 'broken'],
        [
          'a script in a PDF',
          refuse('x.pdf', 'application/pdf', pdfOf('1 0 obj << /OpenAction << /S /JavaScript /JS (x) >> >> endobj')),
          'script',
        ],
        [
          'the same in other letters',
          refuse('x.pdf', 'application/pdf', pdfOf('1 0 obj << /S /J#61vaScript >> endobj')),
          'script',
        ],
        [
          'the same in packed objects',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(stream('/Type /ObjStm /Filter /FlateDecode', deflateSync('<< /S /JavaScript >>'))),
          ),
          'script',
        ],
        [
          'the same behind a false stream',
          refuse('x.pdf', 'application/pdf', pdfOf('% << /Length 999 >> stream\n1 0 obj << /S /JavaScript >> endobj')),
          'script',
        ],
        [
          'the same in objects that nothing says to be packed',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(stream('/N 1 /First 4 /Filter /FlateDecode', deflateSync('%x\n7 % y\n0 << /S /JavaScript >>'))),
          ),
          'script',
        ],
        [
          'the same behind a dictionary without end',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(
              stream(
                `/Type /ObjStm /Filter /FlateDecode /X (${'x'.repeat(20_000)})`,
                deflateSync('<< /S /JavaScript >>'),
              ),
            ),
          ),
          'broken',
        ],
        [
          'the same behind a dictionary of two faces',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(
              stream(
                '/Type /ObjStm /Filter /ASCIIHexDecode /X (1 0 obj <<)',
                Buffer.from(`${Buffer.from('7 0 << /S /JavaScript >>').toString('hex')}>`),
              ),
            ),
          ),
          'broken',
        ],
        [
          'the same, with a filter that stands elsewhere',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(stream('/Type /ObjStm /Filter 9 0 R', deflateSync('<< /S /JavaScript >>'))),
          ),
          'encrypted',
        ],
        [
          'packed objects within a false stream',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(stream('', stream('/Type /ObjStm /Filter /FlateDecode', deflateSync('<< /S /JavaScript >>')))),
          ),
          'broken',
        ],
        [
          'a file in a PDF',
          refuse('x.pdf', 'application/pdf', pdfOf('1 0 obj << /EmbeddedFiles 2 0 R >> endobj')),
          'embedded_file',
        ],
        ['an encrypted PDF', refuse('x.pdf', 'application/pdf', pdfOf('trailer << /Encrypt 2 0 R >>')), 'encrypted'],
        [
          'a PDF packed twice',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(stream('/Filter [/FlateDecode /FlateDecode]', deflateSync(deflateSync('x')))),
          ),
          'too_large_unpacked',
        ],
        [
          'a PDF that unpacks to far more',
          refuse(
            'x.pdf',
            'application/pdf',
            pdfOf(stream('/Filter /FlateDecode', deflateSync(Buffer.alloc(70_000_000)))),
          ),
          'too_large_unpacked',
        ],
      ] as [string, [string, TestFile], string][]
    ).map(([name, [, file], reason]) => [name, file, reason]),
  )('%s', async (_name, file, reason) => {
    const before = await files();
    const { status, body } = await sender.deliver(newId(), letterTo(handle, { attachments: declared([file]) }), [file]);
    expect([status, body['code'], body['reason']]).toEqual([422, 'attachment_not_allowed', reason]);
    expect(await files()).toBe(before);
  });

  test('what is sound goes through', async () => {
    const sound: TestFile[] = [
      { name: 'a.docx', type: docx, content: archive([types, main]) },
      {
        name: 'a.odt',
        type: 'application/vnd.oasis.opendocument.text',
        content: archive([
          { name: 'mimetype', content: Buffer.from('application/vnd.oasis.opendocument.text'), stored: true },
          { name: 'content.xml', content: Buffer.from('<a/>') },
        ]),
      },
      {
        name: 'a.xml',
        type: 'application/xml',
        content: Buffer.from('<?xml version="1.0" encoding="UTF-8"?><a><b/></a>'),
      },
      {
        name: 'a.pdf',
        type: 'application/pdf',
        content: pdfOf(
          '9 0 obj << /Type /Outlines /First 8 0 R /Count 1 >> endobj\n',
          stream('/Filter /FlateDecode', deflateSync('1 0 0 1 72 720 cm BT (Hallo) Tj ET')),
          stream('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', deflateSync('7 0 << /Type /Page >>')),
          stream('/Filter /DCTDecode', png),
          stream('', Buffer.from('0 0 m 1 1 l S')),
        ),
      },
      { name: 'a.png', type: 'image/png', content: png },
      { name: 'a.csv', type: 'text/csv', content: Buffer.from('a;b\n1;2\n') },
    ];
    expect(await codeOf(sender, letterTo(handle, { attachments: declared(sound) }), sound)).toEqual([201, 'taken']);
  });

  test.each([
    ['lists', '/F['.repeat(700_000)],
    ['blanks', `/Filter${' '.repeat(2_000_000)}`],
    ['comments', stream('', Buffer.from('%\n'.repeat(1_000_000)))],
    ['names', '/'.repeat(2_000_000)],
  ])('a PDF of nothing but %s is read in one go', async (_name, content) => {
    const file = { name: 'a.pdf', type: 'application/pdf', content: pdfOf(content) };
    expect((await codeOf(sender, letterTo(handle, { attachments: declared([file]) }), [file]))[0]).toBe(201);
  });

  test('10,000 attachments, and 50 MB and one byte, are refused before anything is read', async () => {
    const one = { name: 'a.txt', type: 'text/plain', length: 1, sha512: '0'.repeat(128) };
    const many = Array.from({ length: 10_000 }, (_, i) => ({ ...one, name: `${i}.txt` }));
    expect((await codeOf(sender, letterTo(handle, { attachments: many })))[0]).toBeGreaterThanOrEqual(413);
    const few = many.slice(0, 21);
    expect(await codeOf(sender, letterTo(handle, { attachments: few }))).toEqual([422, 'attachment_not_allowed']);
    const large = [{ ...one, length: 50 * 1024 * 1024 + 1 }];
    expect(await codeOf(sender, letterTo(handle, { attachments: large }))).toEqual([413, 'too_large']);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another hash', { sha512: sha512(Buffer.from('other')) }],
    ['a shorter one', { length: 3 }],
    ['a longer one', { length: 5 }],
  ])('%s than declared', async (_name, lie) => {
    const file = { name: 'a.txt', type: 'text/plain', content: Buffer.from('text') };
    const before = [await files(), await letters()];
    const attachments = [{ ...declared([file])[0], ...lie }];
    expect(await codeOf(sender, letterTo(handle, { attachments }), [file])).toEqual([422, 'attachment_mismatch']);
    expect([await files(), await letters()]).toEqual(before);
  });

  test('more or fewer parts than declared', async () => {
    const file = { name: 'a.txt', type: 'text/plain', content: Buffer.from('text') };
    const before = await files();
    expect(await codeOf(sender, letterTo(handle), [file])).toEqual([422, 'attachment_mismatch']);
    const two = declared([file, { ...file, name: 'b.txt' }]);
    expect(await codeOf(sender, letterTo(handle, { attachments: two }), [file])).toEqual([422, 'attachment_mismatch']);
    expect(await files()).toBe(before);
  });
});

describe('MB-08: times and receipts', () => {
  test.each(['provided_at', 'first_opened_at', 'notice_sent_at', 'letter', 'receipt'])(
    'a sender that says %s itself is refused',
    async (member) => {
      const lie = { [member]: '2020-01-01T00:00:00Z' };
      expect(await codeOf(sender, letterTo(handle, lie))).toEqual([422, 'schema_invalid']);
    },
  );

  test('provision and first opening are the server’s times, once, whatever is sent or opened again', async () => {
    const id = newId();
    const before = Date.now();
    const { body } = await sender.deliver(id, letterTo(handle));
    const { records } = world.postfach;
    const mailbox = await world.mailboxOf(erika.login);
    await records.letters.open(mailbox, 'high', String(body['letter']));
    const first = (await sender.call('GET', `/api/letters/${id}`)).body;
    for (const name of ['provided_at', 'first_opened_at']) {
      const at = Date.parse(String(first[name]));
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now());
    }
    shiftClock(3600_000);
    await records.letters.open(mailbox, 'high', String(body['letter']));
    resetClock();
    expect((await sender.deliver(id, letterTo(handle))).body).toEqual(body);
    expect((await sender.call('GET', `/api/letters/${id}`)).body).toEqual(first);
    for (const [method, path] of [
      ['POST', `/api/letters/${id}`],
      ['DELETE', `/api/letters/${id}`],
      ['PUT', `/api/letters/${id}/opened`],
    ] as const)
      expect((await sender.call(method, path, {})).status).toBe(404);
  });
});

test('MB-09: the notice says nothing of sender or content, and its links hold nothing that opens anything', async () => {
  await world.giveEmail(erika.login);
  const secrets = { service: 'Schuldnerberatung', subject: 'Ihre Pfändung', reference: 'AZ-4711' };
  const file = { name: 'Vollstreckung.txt', type: 'text/plain', content: Buffer.from('x') };
  const more = { ...secrets, attachments: declared([file]), reply: { allowed: true } };
  const { body } = await sender.deliver(newId(), letterTo(handle, more), [file]);
  const letter = String(body['letter']);
  const mails = async () =>
    (await (await fetch(`${world.app.postfach}/entwickler/post?format=json`)).json()) as object[];
  const notice = async () => (await mails()).find((one) => JSON.stringify(one).includes(letter));
  while ((await notice()) === undefined) await new Promise((resolve) => setImmediate(resolve));
  const text = JSON.stringify(await notice());
  expect(text).not.toMatch(/Schuldner|Pfändung|4711|Vollstreckung|Amt amt|Steuer|Antwort schreiben/);
  const links = [...text.matchAll(/https?:\/\/[^\s"'<>\\]+/g)].map(([link]) => link);
  expect(links.filter((link) => link.includes('/postfach/'))).not.toEqual([]);
  for (const link of links.filter((one) => one.includes('/postfach/')))
    expect(link).toBe(`${world.app.postfach}/postfach/${letter}`);
  expect(links.filter((link) => link.includes('?'))).toEqual([]);
  // Whoever has the mail is asked to log in.
  const page = await createPerson().visit(`${world.app.postfach}/postfach/${letter}`);
  expect(page.url.origin).toBe(world.app.issuer);
});

describe('broken uploads', () => {
  const raw = async (type: string, body: Buffer | string): Promise<number> => {
    const response = await fetch(`${world.app.postfach}/api/letters/${newId()}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await sender.token()}`, 'content-type': type },
      body: new Uint8Array(Buffer.from(body as string)),
    });
    await response.text();
    return response.status;
  };
  const part = (name: string, content: string): string =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;

  test.each<[string, string, string, number]>([
    ['no multipart', 'application/json', '{}', 400],
    ['no boundary', 'multipart/form-data', '{}', 400],
    ['nothing', 'multipart/form-data; boundary=b', '', 400],
    ['an end before its time', 'multipart/form-data; boundary=b', part('letter', '{'), 400],
    ['another first part', 'multipart/form-data; boundary=b', `${part('x', '{}')}--b--`, 400],
    ['no JSON', 'multipart/form-data; boundary=b', `${part('letter', '{"a":')}--b--`, 400],
    ['deep JSON', 'multipart/form-data; boundary=b', `${part('letter', '['.repeat(100_000))}--b--`, 400],
    ['a letter of a megabyte', 'multipart/form-data; boundary=b', `${part('letter', ' '.repeat(1_000_000))}--b--`, 413],
  ])('%s', async (_name, type, body, status) => expect(await raw(type, body)).toBe(status));

  test('a sender that goes away in the middle leaves nothing', async () => {
    const before = [await files(), await letters()];
    const content = Buffer.alloc(3_000_000, 'x');
    const attachments = [{ name: 'a.txt', type: 'text/plain', length: content.length, sha512: sha512(content) }];
    const head = `${part('letter', JSON.stringify(letterTo(handle, { attachments })))}--b\r\ncontent-disposition: form-data; name="a"; filename="a.txt"\r\n\r\n`;
    const sending = request(`${world.app.postfach}/api/letters/${newId()}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await sender.token()}`, 'content-type': 'multipart/form-data; boundary=b' },
    });
    sending.on('error', () => {});
    sending.write(head);
    sending.write(content.subarray(0, 1_000_000));
    while ((await files()) === before[0]) await new Promise((resolve) => setImmediate(resolve));
    const closed = new Promise((resolve) => sending.once('close', resolve));
    sending.destroy();
    await closed;
    while ((await files()) !== before[0]) await new Promise((resolve) => setImmediate(resolve));
    expect([await files(), await letters()]).toEqual(before);
  });

  test('methods and addresses that there are not, are told in the API’s own form', async () => {
    expect((await sender.call('GET', '/api/unheard-of')).body['code']).toBe('not_found');
    expect((await sender.call('POST', `/api/letters/${newId()}`, {})).status).toBe(404);
    const response = await fetch(`${world.app.portal}/`, { method: 'DELETE' });
    expect(response.status).toBe(405);
  });
});

describe('MB-01, MB-10: mailboxes', () => {
  test('nobody else’s letter or attachment opens by its id', async () => {
    const file = { name: 'a.txt', type: 'text/plain', content: Buffer.from('geheim') };
    const { body } = await sender.deliver(newId(), letterTo(handle, { attachments: declared([file]) }), [file]);
    const letterId = String(body['letter']);
    await sender.deliver(newId(), letterTo(await sender.handleOf(max)));
    const { records } = world.postfach;
    const [own, other] = [await world.mailboxOf(erika.login), await world.mailboxOf(max.login)];
    const opened = await records.letters.open(own, 'high', letterId);
    if (opened === undefined || opened === 'above') throw new Error('the letter does not open');
    const attachment = opened.files[0]?.id ?? '';
    expect(await records.letters.open(other, 'high', letterId)).toBeUndefined();
    expect(await records.attachments.find(other, 'high', letterId, attachment)).toBeUndefined();
    await records.letters.mark(other, [letterId], { flagged: true });
    await records.letters.trash(other, [letterId]);
    expect(await records.letters.purge(other, 'high', [letterId])).toBe(0);
    expect(await records.letters.open(own, 'high', letterId)).toMatchObject({ flagged: false, folder: 'inbox' });
  });

  test('the store alone reads nothing', async () => {
    const secret = `Geheim${randomBytes(6).toString('hex')}`;
    const file = { name: `${secret}.txt`, type: 'text/plain', content: Buffer.from(secret.repeat(50)) };
    const id = newId();
    await sender.deliver(
      id,
      letterTo(handle, {
        subject: secret,
        reference: secret,
        content: { type: 'text', body: secret },
        attachments: declared([file]),
      }),
      [file],
    );
    const data = join(world.app.data, 'data');
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.parentPath.includes('secrets')) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      for (const word of [secret, id, handle]) expect([entry.name, bytes.includes(word)]).toEqual([entry.name, false]);
    }
  });
});

describe('accounts that end', () => {
  test('a forged event is refused, and destroys nothing', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const subjects = await world.app.subjects(erika.login);
    const sub = subjects['bayern/mein-postfach'];
    const type = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';
    const token = await new SignJWT({
      events: { [type]: { subject: { format: 'iss_sub', iss: world.app.issuer, sub } } },
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'secevent+jwt' })
      .setIssuer(world.app.issuer)
      .setAudience('mein-postfach')
      .setIssuedAt()
      .setJti(newId())
      .sign(privateKey);
    for (const body of [token, 'nonsense', '', createHash('sha512').update('x').digest('hex')]) {
      const response = await fetch(`${world.app.postfach}/api/security-events`, {
        method: 'POST',
        headers: { 'content-type': 'application/secevent+jwt' },
        body,
      });
      expect(response.status).toBe(400);
    }
    expect(await world.mailboxOf(erika.login)).toBeDefined();
  });
});

test('a broken file of a sender leaves everything as it was', async () => {
  const folder = join(world.app.config, 'postfach', 'senders');
  writeFileSync(join(folder, 'kaputt.yaml'), 'sender: kaputt\nclient_ids: [amt]\n');
  expect((await world.postfach.senders.now()).length).toBeGreaterThan(0);
  expect(await codeOf(sender, letterTo(handle))).toEqual([201, 'taken']);
  writeFileSync(join(folder, 'kaputt.yaml'), 'sender: kaputt\nauthority: bayern\nname: K\nclient_ids: [amt]\n');
  const [twice] = await world.postfach.senders.now();
  expect(twice?.message).toContain('already');
});

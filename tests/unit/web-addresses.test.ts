import { describe, expect, test } from '@jest/globals';
import { addressKey, clientAddress, plainAddress, trustedProxies } from '../../src/web/client-address.ts';
import { hostsOfOrigin, refusal } from '../../src/web/host.ts';
import { safeHref, safePath } from '../../src/web/safe-path.ts';

describe('who sent a request', () => {
  const trusted = trustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.7']);
  test.each([
    ['no proxy is trusted by itself', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a trusted peer without header', '10.1.2.3', undefined, '10.1.2.3'],
    ['a trusted peer names the client', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['what the client wrote itself does not count', '10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['several trusted hops', '10.1.2.3', '198.51.100.1, 192.0.2.7, 10.9.9.9', '198.51.100.1'],
    ['a chain of trusted hops only', '10.1.2.3', '10.4.4.4', '10.4.4.4'],
    ['rubbish in the header', '10.1.2.3', '198.51.100.1, evil', '10.1.2.3'],
    ['rubbish left of an untrusted hop', '10.1.2.3', 'evil, 198.51.100.1', '198.51.100.1'],
    ['ports', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 with brackets and port', '10.1.2.3', '[2001:db8::1]:4711', '2001:db8::1'],
    ['mapped IPv4 peer', '::ffff:10.1.2.3', '::ffff:198.51.100.1', '198.51.100.1'],
    ['IPv6 proxy', 'fd00::5', '2001:db8::1', '2001:db8::1'],
    ['peer gone', undefined, '198.51.100.1', 'unknown'],
  ])('%s', (_, peer, header, expected) => {
    expect(clientAddress(peer, header, trusted)).toBe(expected);
  });

  test('nobody is trusted without configuration', () => {
    expect(clientAddress('127.0.0.1', '198.51.100.1', trustedProxies([]))).toBe('127.0.0.1');
  });

  test.each(['10.0.0.0/33', 'example.org', '10.0.0.0/a', 'fd00::/129', ''])('%j is no network', (cidr) => {
    expect(() => trustedProxies([cidr])).toThrow(RangeError);
  });

  test.each([
    ['198.51.100.1', '198.51.100.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0001::', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is throttled as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  test.each([
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['1.2.3', undefined],
  ])('%s is plainly %s', (text, expected) => {
    expect(plainAddress(text)).toBe(expected);
  });
});

describe('which requests reach a part', () => {
  const known = new Set(['id.example', 'localhost:3000', '[::1]:3000']);
  const request = (hosts: readonly string[], url = '/', method = 'GET') => ({
    method,
    url,
    rawHeaders: hosts.flatMap((host) => ['Host', host]),
  });
  test.each([
    ['a known host', request(['localhost:3000']), undefined],
    ['in capitals', request(['LOCALHOST:3000']), undefined],
    ['IPv6', request(['[::1]:3000']), undefined],
    ['unknown host', request(['evil.example']), 421],
    ['known host, other port', request(['localhost:3001']), 421],
    ['trailing dot', request(['id.example.']), 400],
    ['no host', request([]), 400],
    ['empty host', request(['']), 400],
    ['two hosts', request(['id.example', 'id.example']), 400],
    ['credentials', request(['id.example:80@evil']), 400],
    ['path in host', request(['id.example/x']), 400],
    ['list of hosts', request(['id.example, evil']), 400],
    ['absolute target', request(['id.example'], 'http://evil/'), 400],
    ['double slash', request(['id.example'], '//evil/'), 400],
    ['backslash', request(['id.example'], '/\\evil'), 400],
    ['asterisk', request(['id.example'], '*', 'OPTIONS'), 400],
    ['TRACE', request(['id.example'], '/', 'TRACE'), 405],
    ['PUT', request(['id.example'], '/', 'PUT'), 405],
    ['POST', request(['id.example'], '/x?y=%20', 'POST'), undefined],
  ])('%s', (_, asked, status) => {
    expect(refusal(asked, known)).toBe(status);
  });

  test.each([
    ['https://id.example', ['id.example', 'id.example:443']],
    ['http://id.example', ['id.example', 'id.example:80']],
    ['http://localhost:3000', ['localhost:3000']],
  ])('hosts of %s', (origin, hosts) => {
    expect(hostsOfOrigin(origin)).toEqual(hosts);
  });
});

describe('addresses that came from outside', () => {
  test.each([
    ['/konto', '/konto'],
    ['/a?b=c%20d', '/a?b=c%20d'],
    ['/a/../b', '/b'],
    [undefined, '/'],
    ['', '/'],
    ['konto', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/x/..//evil.example', '/'],
    ['https://evil.example', '/'],
    ['/\tevil', '/'],
    ['/a\r\nSet-Cookie: x=y', '/'],
    ['javascript:alert(1)', '/'],
    [`/${'a'.repeat(3000)}`, '/'],
  ])('the way back %j leads to %s', (path, expected) => {
    expect(safePath(path)).toBe(expected);
  });

  test.each([
    ['/hilfe', [], '/hilfe'],
    ['#feld', [], '#feld'],
    ['https://service.example/a', [], 'https://service.example/a'],
    ['javascript:alert(1)', [], undefined],
    ['JaVaScRiPt:alert(1)', [], undefined],
    ['data:text/html,x', [], undefined],
    ['//evil.example', [], undefined],
    ['https://a@evil.example', [], undefined],
    ['eid://127.0.0.1:24727/', [], undefined],
    ['eid://127.0.0.1:24727/eID-Client', ['eid:'], 'eid://127.0.0.1:24727/eID-Client'],
  ])('a link to %s', (href, schemes, expected) => {
    expect(safeHref(href, schemes)).toBe(expected);
  });
});

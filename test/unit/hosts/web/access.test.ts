import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { createAccess, isForeign, isSameOrigin, trustedHost } from '../../../../src-main/hosts/web/access.ts';

describe('access', () => {
  test('the token admits every time, a ticket once, anything else never', () => {
    const access = createAccess(4000);
    expect(Buffer.from(access.token, 'base64url')).toHaveLength(32);
    expect(access.admits(access.token)).toBe(true);
    expect(access.admits(access.token)).toBe(true);
    const ticket = access.issueTicket();
    expect(access.admits(ticket)).toBe(true);
    expect(access.admits(ticket)).toBe(false);
    for (const wrong of ['', 'x', access.token.slice(1), `${access.token}x`])
      expect(access.admits(wrong)).toBe(false);
  });

  test('secrets differ from start to start', () => {
    expect(createAccess(1).token).not.toBe(createAccess(1).token);
  });

  test('the cookie is for this server only and out of reach of scripts', () => {
    const access = createAccess(4000);
    expect(access.cookie()).toMatch(/^lenslet-4000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(access.cookie()).not.toContain(access.token);
    const pair = access.cookie().split(';')[0];
    expect(access.isKnown({ cookie: pair })).toBe(true);
    expect(access.isKnown({ cookie: `a=b; ${pair}; c=d` })).toBe(true);
    expect(access.isKnown({ cookie: pair.replace('4000', '4001') })).toBe(false);
    expect(access.isKnown({ cookie: `lenslet-4000=${access.token}` })).toBe(false);
    expect(access.isKnown({ cookie: 'lenslet-4000=' })).toBe(false);
    expect(access.isKnown({})).toBe(false);
  });
});

describe('the keys', () => {
  test('are in the entrance, behind #, and are other secrets than the token and the cookie', () => {
    const access = createAccess(4000);
    const [, key, pictureKey] = /^\/#key=([\w-]{43})\.([\w-]{22})$/.exec(access.entrance())!;
    for (const other of [access.token, access.cookie(), pictureKey]) expect(other).not.toContain(key);
    expect(access.hasKey({ 'lenslet-key': key })).toBe(true);
    expect(access.hasKey({ 'sec-websocket-protocol': `lenslet, key.${key}` })).toBe(true);
    for (const wrong of ['', access.token, pictureKey, `${key}x`]) {
      expect(access.hasKey({ 'lenslet-key': wrong })).toBe(false);
      expect(access.hasKey({ 'sec-websocket-protocol': `lenslet, key.${wrong}` })).toBe(false);
    }
    expect(access.withoutKey(`/~${pictureKey}/media/x`)).toBe('/media/x');
    expect(access.withoutKey(`/~${key}/media/x`)).toBe(null);
    expect(access.withoutKey('/media/x')).toBe(null);
  });

  test('a page of another port is foreign, and so is another site', () => {
    const foreign = (site: string | undefined): boolean => isForeign({ 'sec-fetch-site': site });
    expect(['same-site', 'cross-site', 'new'].map(foreign)).toEqual([true, true, true]);
    expect(['same-origin', 'none', undefined].map(foreign)).toEqual([false, false, false]);
  });
});

describe('host names', () => {
  const trusted = (host: string | undefined, listening = '127.0.0.1'): boolean =>
    trustedHost({ host }, listening) !== null;

  test.each(['127.0.0.1:80', 'localhost', 'LOCALHOST:1', '[::1]:9', '192.168.1.7:4000', hostname()])(
    '%s is ours',
    (host) => {
      expect(trusted(host)).toBe(true);
    },
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example:80',
    '127.0.0.1.evil.example',
    'a b',
    '@',
    '127.0.0.1/;script-src *',
    'x@localhost',
    'localhost?x',
  ])('%s is not', (host) => {
    expect(trusted(host)).toBe(false);
  });

  test('the name given with --host is ours too', () => {
    expect(trusted('gpu-box:4000', 'gpu-box')).toBe(true);
    expect(trusted('other-box:4000', 'gpu-box')).toBe(false);
  });
});

test('only a page of the same host and port has the same origin', () => {
  const same = (origin: string | undefined, host = '127.0.0.1:4000'): boolean =>
    isSameOrigin({ origin, host });
  expect(same('http://127.0.0.1:4000')).toBe(true);
  expect(isSameOrigin({ origin: 'http://localhost', host: 'LOCALHOST' })).toBe(true);
  for (const other of [
    undefined,
    '',
    'null',
    'http://127.0.0.1:4001',
    'https://127.0.0.1:4000',
    'http://evil.example',
    'lenslet://127.0.0.1:4000',
  ]) {
    expect(same(other)).toBe(false);
  }
});

import { describe, expect, test } from 'vitest';
import { mayLoad, mayUse } from '../../../../src-main/hosts/electron/lock-down.ts';
import { menuTemplate } from '../../../../src-main/hosts/electron/menu.ts';
import { isOwnAddress } from '../../../../src-main/hosts/electron/origin.ts';

test.each(['lenslet://app/', 'lenslet://app/index.html#/train', 'lenslet://app/media/thumbnail/1'])(
  '%s is ours',
  (address) => {
    expect(isOwnAddress(address)).toBe(true);
    expect(mayLoad(address)).toBe(true);
  },
);

test.each([
  'https://example.com/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'lenslet://other/',
  'lenslet://app.example.com/',
  'lenslet://user@evil/',
  'javascript:alert(1)',
  'about:blank',
  'ws://127.0.0.1/',
  'not an address',
  '',
])('%s is not ours and is not loaded', (address) => {
  expect(isOwnAddress(address)).toBe(false);
  expect(mayLoad(address)).toBe(false);
});

describe('permissions', () => {
  const own = 'lenslet://app/';
  test('the camera without sound, for our own page', () => {
    expect(mayUse('media', own, ['video'])).toBe(true);
    expect(mayUse('media', own, ['video', 'audio'])).toBe(false);
    expect(mayUse('media', own, ['audio'])).toBe(false);
    expect(mayUse('media', own, ['unknown'])).toBe(false);
    expect(mayUse('media', own, [])).toBe(false);
    expect(mayUse('media', 'https://example.com/', ['video'])).toBe(false);
  });

  test('copying text, for our own page; reading what others copied is not', () => {
    expect(mayUse('clipboard-sanitized-write', own, [])).toBe(true);
    expect(mayUse('clipboard-sanitized-write', 'https://example.com/', [])).toBe(false);
    expect(mayUse('clipboard-read', own, [])).toBe(false);
  });

  test.each([
    'geolocation',
    'notifications',
    'midi',
    'openExternal',
    'fileSystem',
    'clipboard-read',
    'usb',
    'display-capture',
  ])('no %s', (permission) => {
    expect(mayUse(permission, own, ['video'])).toBe(false);
  });
});

test('the menu leads nowhere else and hides the developer tools once packaged', () => {
  const text = (packaged: boolean): string => JSON.stringify(menuTemplate('linux', packaged));
  expect(text(true)).not.toMatch(/toggleDevTools|reload|help|http/i);
  expect(text(false)).toContain('toggleDevTools');
  expect(menuTemplate('darwin', true)[0]).toEqual({ role: 'appMenu' });
});

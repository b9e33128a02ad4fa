import { expect, test } from 'vitest';
import { findAddresses } from '../../../../../src-main/contract/shared/web-addresses.ts';
import { isPublicAddress } from '../../../../../src-main/services/import/web-pictures/private-addresses.ts';

test.each(['93.184.216.34', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  '%s is of the public internet',
  (ip) => expect(isPublicAddress(ip)).toBe(true),
);

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.168.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', 'fc00::1', 'fd12::1', 'fe80::1'],
  ...['ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1', 'fe80::1%eth0', 'localhost', ''],
])('%s is not', (ip) => expect(isPublicAddress(ip)).toBe(false));

test('addresses are found in what was pasted, each once', () => {
  const text =
    ' https://a.org/x.jpg\nhttps://a.org/x.jpg#top\tHTTP://B.org/ü.png\n\nfile:///etc/passwd hello http://';
  expect(findAddresses(text)).toEqual({
    addresses: ['https://a.org/x.jpg', 'http://b.org/%C3%BC.png'],
    others: ['file:///etc/passwd', 'hello', 'http://'],
  });
});

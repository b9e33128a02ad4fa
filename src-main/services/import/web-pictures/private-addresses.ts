/** Which machines pictures may be fetched from: those of the public internet. */
import { BlockList, isIP } from 'node:net';

/** IPv4 that is not of the public internet, after the registries of RFC 6890. */
const private4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** The one part of IPv6 that is given to the public, without what in it carries other networks (RFC 6890, 3056). */
const public6 = ['2000::/3'];
const private6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, bits] = range.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

const refused4 = blockList(private4, 'ipv4');
const given6 = blockList(public6, 'ipv6');
const refused6 = blockList(private6, 'ipv6');

/**
 * True for the address of a machine on the public internet; false for this machine, private networks and everything
 * that is not an IP address.
 */
export function isPublicAddress(ip: string): boolean {
  const family = isIP(ip);
  if (family === 4) return !refused4.check(ip, 'ipv4');
  return family === 6 && given6.check(ip, 'ipv6') && !refused6.check(ip, 'ipv6');
}

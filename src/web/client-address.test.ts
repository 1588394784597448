import { expect, test } from '@jest/globals';
import { countedAs, networks } from './client-address.js';

const proxies = networks(['10.0.0.0/8', '2001:db8:1::/48', '203.0.113.7']);
const from = (remoteAddress: string, forwarded?: string) =>
  countedAs(
    { headers: { ...(forwarded && { 'x-forwarded-for': forwarded }) }, raw: { socket: { remoteAddress } } },
    proxies,
  );

test.each([
  ['straight from the world', '198.51.100.1', undefined, '198.51.100.1'],
  ['on a socket for both kinds', '::ffff:198.51.100.1', undefined, '198.51.100.1'],
  ['with a header of its own making', '198.51.100.1', '198.51.100.9', '198.51.100.1'],
  ['by a trusted proxy', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['by a trusted proxy on a socket for both kinds', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['by two of them', '10.1.2.3', '198.51.100.1, 203.0.113.7', '198.51.100.1'],
  ['with inventions before it', '10.1.2.3', '1.1.1.1, 198.51.100.1, 203.0.113.7', '198.51.100.1'],
  ['with nonsense before it', '10.1.2.3', 'unknown, 203.0.113.7', '203.0.113.7'],
  ['from a private network by a trusted proxy', '2001:db8:1::5', '192.168.1.4', '192.168.1.4'],
  ['IPv6, by its network', '2001:db8:9:a::1', undefined, '2001:db8:9:a::/64'],
  ['IPv6 written out', '10.0.0.1', '2001:0DB8:0009:000A:0:0:0:FF', '2001:db8:9:a::/64'],
  ['IPv6 with zeros in front', '10.0.0.1', '64:ff9b::1:2:3:4', '64:ff9b:0:0::/64'],
])('a request %s is counted as the one who sent it', (_, peer, forwarded, name) => {
  expect(from(peer, forwarded)).toBe(name);
});

test.each([
  ['this machine', '127.0.0.1', undefined],
  ['this machine, whatever it says', '::1', '198.51.100.1'],
  ['a private network', '192.168.1.4', '198.51.100.1'],
  ['a link', 'fe80::1%eth0', undefined],
  ['a trusted proxy that says nothing', '10.1.2.3', undefined],
  ['a trusted proxy that says nonsense', '10.1.2.3', 'unknown'],
  ['nowhere', '', undefined],
])('a request from %s is not counted', (_, peer, forwarded) => {
  expect(from(peer, forwarded)).toBeUndefined();
});

/**
 * Whose requests are counted together: the address a request came from, as a trusted proxy names it. Only for counting;
 * who may do what never hangs on it.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');

/** Whether an address is in one of some networks. */
export type Networks = (address: string) => boolean;

/** Addresses of which it is remembered whether they are in a network: connections that are kept ask again and again. */
const mostRemembered = 10_000;

/** Of addresses and networks as CIDR writes them. */
export function networks(named: readonly string[]): Networks {
  const list = new BlockList();
  for (const one of named) {
    const [address = '', bits] = one.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  const known = new LRUCache<string, boolean>({ max: mostRemembered });
  return (address) => {
    const found = known.get(address) ?? list.check(address, familyOf(address));
    known.set(address, found);
    return found;
  };
}

/** Loopback, private and link-local (RFC 6890): the house itself, a container's gateway, a proxy that nobody named. */
const isInHouse = networks([
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'],
  ...['::1', 'fc00::/7', 'fe80::/10'],
]);

/** An IPv4 address as a socket for both kinds tells it. */
const unmapped = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** Of an IPv6 address its network of 64 bits: whoever has one address there has them all. */
function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  // In the one form that URLs have for each address.
  const [front = '', back = ''] = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [front, back].map((groups) => groups.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

/**
 * Under what name a connection is counted: the address it comes from. `undefined` where that is a trusted proxy's, this
 * machine's or a private network's.
 */
export function peerOf({ remoteAddress }: { remoteAddress?: string | undefined }, isTrusted: Networks) {
  const peer = unmapped(remoteAddress ?? '');
  return !isIP(peer) || isTrusted(peer) || isInHouse(peer) ? undefined : networkOf(peer);
}

type Asked = Pick<FastifyRequest, 'headers'> & { raw: { socket: { remoteAddress?: string | undefined } } };

/**
 * Under what name a request is counted: the last address of `X-Forwarded-For` that is no trusted proxy's, where a trusted
 * proxy sent it; else the address it came from. `undefined` where that is this machine or a private network: then nobody
 * can be told from anybody, and one's requests would be held against all.
 */
export function countedAs({ headers, raw }: Asked, isTrusted: Networks): string | undefined {
  const peer = unmapped(raw.socket.remoteAddress ?? '');
  if (!isIP(peer) || !isTrusted(peer)) return peerOf(raw.socket, isTrusted);
  const via = String(headers['x-forwarded-for'] ?? '').split(',');
  let found: string | undefined;
  for (const typed of via.reverse()) {
    const address = unmapped(typed.trim());
    // What stands before what no proxy writes is somebody's invention.
    if (!isIP(address)) break;
    found = address;
    if (!isTrusted(address)) break;
  }
  return found && networkOf(found);
}

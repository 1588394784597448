/** Where a request came to and came from: our own addresses, loopback, and requests that other sites have browsers send. */
import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';

const isLoopbackAddress = (address: string): boolean =>
  /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address) || address === '::1';

export const isLoopbackHost = (host: string): boolean => {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || isLoopbackAddress(name);
};

const authority = (host: string) => (isIPv6(host) ? `[${host}]` : host).toLowerCase();

/** The origins by which this service is reached: the public one, and the address it is bound to. */
function ownOrigins(config: Config, request: FastifyRequest): string[] {
  const { localPort, localAddress = '' } = request.raw.socket;
  const hosts = [config.host, localAddress.replace(/^::ffff:/, '')];
  if (isLoopbackAddress(localAddress)) hosts.push('localhost', '127.0.0.1', '::1');
  const local = hosts.flatMap((host) => URL.parse(`http://${authority(host)}:${localPort}`)?.origin ?? []);
  return config.publicUrl ? [config.publicUrl, ...local] : local;
}

const hostOf = (origin: string) => new URL(origin).host;

/**
 * Why a request with a session cannot be trusted to come from our own pages; `undefined` if it can. The host must be
 * ours, else another site could have pointed its name at us (DNS rebinding); so must the origin, which browsers send
 * with every unsafe request.
 */
export function foreignTo(config: Config, request: FastifyRequest): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  const own = ownOrigins(config, request);
  if (!own.some((one) => hostOf(one) === host.toLowerCase())) {
    return `"${host}" is not an address of this service; if it should be, set PALIMPSEST_PUBLIC_URL`;
  }
  if (origin !== undefined) return own.includes(origin) ? undefined : 'the request comes from another site';
  if (site !== undefined) return site === 'same-origin' ? undefined : 'the request comes from another site';
  return 'the request does not say where it comes from (Origin); programs use a token in Authorization instead';
}

/** Whether a request came straight from this machine: no other address, name or proxy is involved. */
export function isLocal(config: Config, request: FastifyRequest): boolean {
  const { localAddress = '', remoteAddress = '' } = request.raw.socket;
  const { host = '', forwarded, 'x-forwarded-for': via } = request.headers;
  const named = URL.parse(`http://${host}`)?.hostname ?? '';
  return (
    isLoopbackHost(config.host) &&
    isLoopbackAddress(localAddress) &&
    isLoopbackAddress(remoteAddress) &&
    isLoopbackHost(named) &&
    (config.publicUrl === undefined || isLoopbackHost(new URL(config.publicUrl).hostname)) &&
    forwarded === undefined &&
    via === undefined
  );
}

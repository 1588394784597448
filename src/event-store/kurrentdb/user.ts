/**
 * The user by whom the service works in a KurrentDB cluster, with the rights that its streams need and no more: it reads
 * the log, and reads, writes and truncates streams; it deletes none and is no administrator. Everybody else but
 * administrators is shut out, for what the cluster holds is not for readers.
 */
import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import { sameJson } from '../../story/same-json.js';
import { StoreRefused, StoreUnavailable } from '../port.js';
import { openCluster, refuseEscaped } from './cluster.js';

interface Credentials {
  name: string;
  password: string;
}

/** How long nodes that do not answer yet are asked again, and how long after each round, in milliseconds. */
const patience = 120_000;
const pause = 1_000;
/** For one answer. */
const longest = 10_000;
/** A new cluster refuses its administrators until it has made them. */
const newcomer = 20_000;

/** Only an administrator deletes; truncating (`$tb`, when texts are erased) is writing of metadata. */
const streamRights = (user: string) => ({ $r: user, $w: user, $d: '$admins', $mr: user, $mw: user });

interface Settings {
  $userStreamAcl?: object;
}
interface LogMetadata {
  $acl?: { $r?: string | string[] };
}

/**
 * Makes the user that `address` names, or gives it the password there, and then its rights; does so as often as it is
 * asked. Gives the user's name. Throws StoreRefused where `admin` is refused or the cluster has other rules of its own,
 * StoreUnavailable where nobody answers.
 */
export async function admitUser(address: string, admin: Credentials): Promise<string> {
  const { scheme, user, hosts, options } = partsOf(address);
  const byAdmin = `${scheme}${encoded(admin)}@${hosts}${options}`;
  for (const one of [address, byAdmin]) refuseEscaped(one);
  const cluster = openCluster(byAdmin);
  try {
    await signUp(originsOf(hosts, options), certificateIn(options), admin, user);
    const last = async <T>(stream: string): Promise<{ revision: number; data: T } | undefined> => {
      const [event] = await cluster.read((client) =>
        client.readStream(stream, { fromRevision: 'end', direction: 'backwards', maxCount: 1, requiresLeader: true }),
      );
      return event && { revision: Number(event.revision), data: event.data as unknown as T };
    };
    const settings = await last<Settings>('$settings');
    const rules = settings?.data.$userStreamAcl;
    if (rules && !sameJson(rules, streamRights(user.name))) {
      throw new StoreRefused(
        'not-ours',
        `this cluster has rules of its own for all streams: ${JSON.stringify(rules)}. It should be Palimpsest's alone.`,
      );
    }
    if (!rules) {
      const data = { ...settings?.data, $userStreamAcl: streamRights(user.name) };
      await cluster.append('$settings', settings?.revision ?? -1, [jsonEvent({ type: 'settings', data })]);
    }
    const log = await last<LogMetadata>('$$$all');
    const readers = [log?.data.$acl?.$r ?? []].flat();
    if (!readers.includes(user.name)) {
      const data = { ...log?.data, $acl: { ...log?.data.$acl, $r: [...readers, user.name] } };
      await cluster.append('$$$all', log?.revision ?? -1, [jsonEvent({ type: '$metadata', data })]);
    }
    return user.name;
  } finally {
    cluster.close();
  }
}

const encoded = ({ name, password }: Credentials) => `${encodeURIComponent(name)}:${encodeURIComponent(password)}`;

/** Says nothing of the address, for it holds a password. */
function partsOf(address: string) {
  const parts = /^([a-z+]+:\/\/)([^:@/]+):([^:@/]+)@([^@/?]+)(.*)$/.exec(address);
  if (!parts) throw new StoreRefused('no-access', 'the address has no user:password, each escaped as in URLs');
  const [, scheme = '', name = '', password = '', hosts = '', options = ''] = parts;
  const user = { name: decodeURIComponent(name), password: decodeURIComponent(password) };
  return { scheme, user, hosts, options };
}

/** The client's own names of options count in any case. */
const optionIn = (options: string, name: string): string | undefined =>
  [...new URLSearchParams(options.replace(/^\/?\?/, ''))].find(([key]) => key.toLowerCase() === name)?.[1];

const originsOf = (hosts: string, options: string): string[] =>
  hosts
    .split(',')
    .map(
      (host) =>
        `http${optionIn(options, 'tls') === 'false' ? '' : 's'}://${/:\d+$/.test(host) ? host : `${host}:2113`}`,
    );

const certificateIn = (options: string): Buffer | undefined => {
  const file = optionIn(options, 'tlscafile');
  return file === undefined ? undefined : readFileSync(file);
};

/** Only the leader does it, so each node is asked in turn. */
async function signUp(origins: string[], ca: Buffer | undefined, admin: Credentials, user: Credentials): Promise<void> {
  const { name, password } = user;
  const ask = (url: string, body: object) => post(url, { ca, auth: `${admin.name}:${admin.password}`, body });
  let answered: string | undefined;
  let refusedSince: number | undefined;
  const began = performance.now();
  for (; performance.now() - began < patience; await sleep(pause)) {
    for (const origin of origins) {
      const made = await ask(`${origin}/users`, { loginName: name, fullName: 'Palimpsest', groups: [], password });
      const path = `/users/${encodeURIComponent(name)}/command/reset-password`;
      const status = made.status === 409 ? (await ask(origin + path, { newPassword: password })).status : made.status;
      if (status === 200 || status === 201) return;
      if (status === 401 || status === 403) {
        refusedSince ??= performance.now();
        if (performance.now() - refusedSince > newcomer) {
          throw new StoreRefused('no-access', `KurrentDB refuses "${admin.name}" with this password`);
        }
      }
      answered = status ? `HTTP ${status}` : made.failure;
    }
  }
  throw new StoreUnavailable(`the user could not be made in KurrentDB: ${answered ?? 'no node answers'}`);
}

/** `fetch` would take no certificate authority of ours. */
function post(
  url: string,
  { ca, auth, body }: { ca?: Buffer; auth: string; body: object },
): Promise<{ status?: number; failure?: string }> {
  const options = {
    method: 'POST',
    auth,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(longest),
  };
  return new Promise((resolve) => {
    const request = url.startsWith('https:') ? secure(url, { ...options, ca }) : plain(url, options);
    request.on('response', (response) => {
      response.on('error', () => {}).resume();
      resolve({ status: response.statusCode });
    });
    request.on('error', ({ message }) => resolve({ failure: message })).end(JSON.stringify(body));
  });
}

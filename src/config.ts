/**
 * Every setting, in one table: its environment variable, default, range and meaning. The environment is read here and
 * nowhere else, once, all faults at once.
 */
import { isIP, isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { isWebUrl } from './content/url.js';

/** Where events are kept. */
export type StoreSetting = { kind: 'sqlite' } | { kind: 'kurrentdb'; address: string };

interface Setting<T> {
  name: string;
  /** As it would be typed; none for a setting that may be absent. */
  default?: string;
  range: string;
  text: string;
  /** `undefined` for what is out of range. */
  read(typed: string): T | undefined;
}

/** A setting that always has a value. */
interface Certain<T> extends Setting<T> {
  default: string;
}

const setting = <T>(
  name: string,
  byDefault: string,
  range: string,
  text: string,
  read: (typed: string) => T | undefined,
): Certain<T> => ({ name, default: byDefault, range, text, read });

const optional = <T>(
  name: string,
  range: string,
  text: string,
  read: (typed: string) => T | undefined,
): Setting<T> => ({ name, range, text, read });

const oneOf =
  <const T extends string>(...values: T[]) =>
  (typed: string) =>
    values.find((value) => value === typed);

const wholeNumber = (least: number, most: number) => (typed: string) =>
  /^\d{1,9}$/.test(typed) && Number(typed) >= least && Number(typed) <= most ? Number(typed) : undefined;

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const settings = {
  host: setting('PALIMPSEST_HOST', '127.0.0.1', 'an IP address or a host name', 'Where the service listens.', readHost),
  port: setting('PALIMPSEST_PORT', '3000', '0 to 65535; 0 takes any free one', 'The port.', wholeNumber(0, 65535)),
  data: setting('PALIMPSEST_DATA', './data', 'a folder', 'Where everything that lasts is kept.', readFolder),
  access: optional(
    'PALIMPSEST_ACCESS',
    'a folder',
    'Where tokens and the key of sessions are kept, for nodes that share them; the data folder if left out.',
    readFolder,
  ),
  store: setting(
    'PALIMPSEST_STORE',
    'sqlite',
    'sqlite, or an address that begins with kurrentdb://',
    'Where events are kept: in the data folder, or in a KurrentDB cluster.',
    readStore,
  ),
  publicUrl: optional(
    'PALIMPSEST_PUBLIC_URL',
    'http:// or https://, a host, perhaps a port; no path',
    'How the world reaches the service; needed behind a proxy and for secure cookies.',
    readOrigin,
  ),
  mostLag: setting(
    'PALIMPSEST_MOST_LAG',
    '30',
    'seconds, 1 to 3600',
    'How far this node may be behind the log of events and still say that it is ready.',
    wholeNumber(1, 3600),
  ),
  timezone: setting(
    'PALIMPSEST_TIMEZONE',
    'UTC',
    'a name of the IANA time zone database, such as Europe/Berlin',
    'For times typed without one, and for times on pages.',
    readTimezone,
  ),
  imageSources: setting(
    'PALIMPSEST_IMAGE_SOURCES',
    '',
    'origins such as https://pictures.example, with spaces between',
    'Where pictures in stories may be loaded from; those from elsewhere are links.',
    readOrigins,
  ),
  publicHistory: setting(
    'PALIMPSEST_PUBLIC_HISTORY',
    'all',
    'all or none',
    'Whether readers see earlier versions, or only what is in force and its corrections.',
    oneOf('all', 'none'),
  ),
  editorsNames: setting(
    'PALIMPSEST_EDITORS_NAMES',
    'none',
    'none or name',
    'Whether readers see the names of editors.',
    oneOf('none', 'name'),
  ),
  streams: setting(
    'PALIMPSEST_STREAMS',
    '500',
    '0 to 100000',
    'How many may follow the public stream of changes at once.',
    wholeNumber(0, 100_000),
  ),
  metrics: optional(
    'PALIMPSEST_METRICS',
    'a host and a port, such as 127.0.0.1:9464 or [::1]:9464',
    'Where Prometheus finds metrics; they tell of what is hidden too, so let nobody else reach it. Left out: nowhere.',
    readListener,
  ),
  anonymousRate: setting(
    'PALIMPSEST_ANONYMOUS_RATE',
    '1200',
    'requests a minute, 0 to 1000000; 0 is no limit',
    'How much one address may ask without a token. This machine and private networks are not counted, but for addresses that a trusted proxy names.',
    wholeNumber(0, 1_000_000),
  ),
  trustedProxies: setting(
    'PALIMPSEST_TRUSTED_PROXIES',
    '',
    'addresses or networks such as 10.0.0.0/8, with spaces or commas between',
    'Proxies whose X-Forwarded-For is believed, to count requests by address. Nothing else of what they forward is.',
    readNetworks,
  ),
  logLevel: setting(
    'PALIMPSEST_LOG_LEVEL',
    'info',
    logLevels.join(', '),
    'How much is logged (JSON lines on standard error); at a terminal warn, if it is left out.',
    oneOf(...logLevels),
  ),
};

const webAddress = 'an address that begins with http:// or https://';
const readAddress = (typed: string) => (isWebUrl(typed) ? typed : undefined);

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const publisherSettings = {
  name: setting('PALIMPSEST_PUBLISHER', 'Palimpsest', '1 to 200 characters', 'The name on every page.', (typed) =>
    typed.length <= 200 && !/\p{Cc}/u.test(typed) ? typed : undefined,
  ),
  logo: optional(
    'PALIMPSEST_PUBLISHER_LOGO',
    `${webAddress}, of an image`,
    'Shown on every page, as the only image that browsers may load from elsewhere.',
    readAddress,
  ),
  home: optional('PALIMPSEST_PUBLISHER_HOME', webAddress, "The publisher's own front page.", readAddress),
  language: setting(
    'PALIMPSEST_PUBLISHER_LANGUAGE',
    'en',
    'a BCP 47 language tag, such as de-AT',
    'Of the news sitemap, and of stories that name none in what machines read; the pages speak English.',
    readLanguage,
  ),
  correctionsPolicy: optional(
    'PALIMPSEST_PUBLISHER_CORRECTIONS_POLICY',
    webAddress,
    'Where the publisher says how it corrects.',
    readAddress,
  ),
  contact: optional(
    'PALIMPSEST_PUBLISHER_CONTACT',
    `an e-mail address, or ${webAddress}`,
    'Where readers reach the publisher.',
    (typed) => (/^[^\s@<>"?&%#:/]+@[^\s@<>"?&%#:/]+$/.test(typed) ? `mailto:${typed}` : readAddress(typed)),
  ),
};

/** Named as the standard names them: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
const tracingSettings = {
  endpoint: optional(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    webAddress,
    'Where traces are sent, by OTLP over HTTP; `/v1/traces` is added. Left out: nowhere, and nothing is loaded for it.',
    readAddress,
  ),
  tracesEndpoint: optional(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    webAddress,
    'The same as a whole address, which goes before the other.',
    readAddress,
  ),
  service: setting('OTEL_SERVICE_NAME', 'palimpsest', '1 to 200 characters', 'As which service, in traces.', (typed) =>
    typed.length <= 200 ? typed : undefined,
  ),
  sampler: setting(
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    samplers.join(', '),
    'Which traces are recorded.',
    oneOf(...samplers),
  ),
  share: setting(
    'OTEL_TRACES_SAMPLER_ARG',
    '1',
    'a number from 0 to 1',
    'The share that the samplers of a ratio record.',
    (typed) => (/^(0|1|0?\.\d+|1\.0+|0\.0+)$/.test(typed) ? Number(typed) : undefined),
  ),
};

type ValueOf<S> = S extends Setting<infer T> ? T : never;
type CertainIn<Table> = { [K in keyof Table]: Table[K] extends Certain<unknown> ? K : never }[keyof Table];
type ValuesOf<Table> = { readonly [K in CertainIn<Table>]: ValueOf<Table[K]> } & {
  readonly [K in Exclude<keyof Table, CertainIn<Table>>]?: ValueOf<Table[K]>;
};

/** Who answers for the stories. Addresses are absolute; `contact` may be a `mailto:`. */
export type Publisher = ValuesOf<typeof publisherSettings>;
/** As OpenTelemetry names it; no traces are made without one of the endpoints. */
export type Tracing = ValuesOf<typeof tracingSettings>;
/** `publicUrl` is an origin without a trailing slash; `data` and `access` are absolute paths. */
export type Config = ValuesOf<typeof settings> & {
  readonly access: string;
  readonly publisher: Publisher;
  readonly tracing: Tracing;
};

type Table = { [key: string]: Setting<unknown> };
const everySetting: Setting<unknown>[] = [settings, publisherSettings, tracingSettings].flatMap<Setting<unknown>>(
  Object.values,
);

export type ParsedConfig = { ok: true; config: Config } | { ok: false; faults: string[] };

/** Reads the settings; each fault names the variable, what it holds and what it may hold. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const faults: string[] = [];
  const readAll = <T extends Table>(table: T): ValuesOf<T> => {
    const values: Record<string, unknown> = {};
    for (const [key, { name, default: byDefault, range, read }] of Object.entries(table)) {
      const typed = env[name]?.trim() || byDefault;
      if (typed === undefined) continue;
      values[key] = read(typed);
      if (values[key] === undefined)
        faults.push(`${name} is "${withoutPassword(typed)}"; set it to ${range}, or leave it out`);
    }
    return Object.freeze(values) as ValuesOf<T>;
  };
  const values = readAll(settings);
  const access = values.access ?? values.data;
  const [publisher, tracing] = [readAll(publisherSettings), readAll(tracingSettings)];
  const config = Object.freeze({ ...values, access, publisher, tracing });
  if (values.metrics && values.metrics.port > 0 && values.metrics.port === values.port) {
    faults.push('PALIMPSEST_METRICS has the port of the service itself; give it another');
  }
  const known = everySetting.map(({ name }) => name);
  for (const name of Object.keys(env).filter((name) => name.startsWith('PALIMPSEST_') && !known.includes(name))) {
    faults.push(`${name} is not a setting; there are ${known.join(', ')}`);
  }
  return faults.length ? { ok: false, faults } : { ok: true, config };
}

/** Faults and settings are printed; what was typed may be an address with a password in it, with any sign in that. */
const withoutPassword = (typed: string): string => typed.replace(/^(\w*:?\/\/|[^:]*:).*@/s, '$1…@');

/** What holds after all, by variable, for the log: no passwords, and nothing for what is left out. */
export function settingsInForce(config: Config): Record<string, unknown> {
  const inForce = (table: Table, values: Record<string, unknown>) =>
    Object.entries(table).map(([key, { name }]) => [name, shown(values[key])]);
  return Object.fromEntries([
    ...inForce(settings, config),
    ...inForce(publisherSettings, config.publisher),
    ...inForce(tracingSettings, config.tracing),
  ]);
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return withoutPassword(value);
  const store = value as StoreSetting | undefined;
  return store?.kind === 'kurrentdb' ? withoutPassword(store.address) : (store?.kind ?? value);
}

/** The table of settings for the documentation, in Markdown. */
export const settingsTable = (): string =>
  [
    '| variable | what it is | what it may be | default |',
    '| --- | --- | --- | --- |',
    ...everySetting.map(
      ({ name, default: byDefault, range, text }) =>
        `| \`${name}\` | ${text} | ${range} | ${byDefault ? `\`${byDefault}\`` : 'none'} |`,
    ),
  ].join('\n');

/** The table of settings as text for `serve --help`. */
export const settingsHelp = (): string =>
  everySetting
    .map(
      ({ name, default: byDefault, range, text }) =>
        `  ${name}\n      ${text}\n      ${range} (default: ${byDefault || 'none'})`,
    )
    .join('\n');

function readHost(typed: string): string | undefined {
  return /^(\[?[0-9a-fA-F:.]+\]?|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)$/.test(typed)
    ? typed.replace(/^\[|\]$/g, '')
    : undefined;
}

function readListener(typed: string): { host: string; port: number } | undefined {
  const [, named = '', number = ''] = /^(\[.+\]|[^:]+):(\d+)$/.exec(typed) ?? [];
  const [host, port] = [readHost(named), wholeNumber(0, 65535)(number)];
  return host !== undefined && port !== undefined ? { host, port } : undefined;
}

function readFolder(typed: string): string | undefined {
  return typed.includes('\0') ? undefined : resolve(typed);
}

/** Where events are kept, as typed; `undefined` for anything else. */
export function readStore(typed: string): StoreSetting | undefined {
  if (typed === 'sqlite') return { kind: 'sqlite' };
  return /^(kurrentdb|esdb)(\+discover)?:\/\/./.test(typed) ? { kind: 'kurrentdb', address: typed } : undefined;
}

function readOrigin(typed: string): string | undefined {
  const url = URL.parse(typed);
  const plain =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username;
  return plain ? url.origin : undefined;
}

function readOrigins(typed: string): string[] | undefined {
  const origins = typed.split(/\s+/).filter(Boolean).map(readOrigin);
  return origins.every((origin) => origin !== undefined) ? origins : undefined;
}

function readNetworks(typed: string): string[] | undefined {
  const named = typed.split(/[\s,]+/).filter(Boolean);
  return named.every(isNetwork) ? named : undefined;
}

/** An address, or one and how many of its bits count (RFC 4632, RFC 4291). */
function isNetwork(typed: string): boolean {
  const [, address = '', bits = '0'] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(typed) ?? [];
  return isIP(address) !== 0 && Number(bits) <= (isIPv4(address) ? 32 : 128);
}

function readTimezone(typed: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: typed }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function readLanguage(typed: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(typed)[0];
  } catch {
    return undefined;
  }
}

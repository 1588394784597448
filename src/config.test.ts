import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseConfig, settingsHelp, settingsInForce } from './config.js';

const faultsOf = (env: Record<string, string>) => {
  const parsed = parseConfig(env);
  return parsed.ok ? [] : parsed.faults;
};

describe('settings', () => {
  test('a service with none is a local one with everything at its default', () => {
    expect(parseConfig({})).toEqual({
      ok: true,
      config: {
        host: '127.0.0.1',
        port: 3000,
        data: resolve('data'),
        access: resolve('data'),
        store: { kind: 'sqlite' },
        timezone: 'UTC',
        publisher: { name: 'Palimpsest', language: 'en' },
        tracing: { service: 'palimpsest', sampler: 'parentbased_always_on', share: 1 },
        publicHistory: 'all',
        editorsNames: 'none',
        imageSources: [],
        streams: 500,
        anonymousRate: 1200,
        trustedProxies: [],
        logLevel: 'info',
        mostLag: 30,
      },
    });
  });

  test('every fault is told at once, each with the variable, its value and what it may be', () => {
    const faults = faultsOf({
      PALIMPSEST_PORT: '70000',
      PALIMPSEST_TIMEZONE: 'Harrow/Bay',
      PALIMPSEST_PUBLIC_URL: 'https://courier.example/news',
      PALIMPSEST_STORE: 'postgres://x',
    });
    expect(faults).toHaveLength(4);
    expect(faults[0]).toBe('PALIMPSEST_PORT is "70000"; set it to 0 to 65535; 0 takes any free one, or leave it out');
    expect(faults.join('\n')).toContain('PALIMPSEST_TIMEZONE is "Harrow/Bay"');
  });

  test('a misspelt setting is told, not ignored', () => {
    expect(faultsOf({ PALIMPSEST_PUBLIC_HISTROY: 'none' })[0]).toMatch(/^PALIMPSEST_PUBLIC_HISTROY is not a setting/);
  });

  test('metrics on the port of the service are refused', () => {
    expect(faultsOf({ PALIMPSEST_METRICS: '127.0.0.1:3000' })[0]).toMatch(/^PALIMPSEST_METRICS has the port/);
  });

  test('an empty variable counts as left out, and other variables are none of ours', () => {
    expect(faultsOf({ PALIMPSEST_PORT: '', PATH: '/bin' })).toEqual([]);
  });

  test.each([
    ['PALIMPSEST_HOST', '0.0.0.0', 'host', '0.0.0.0'],
    ['PALIMPSEST_HOST', '[::1]', 'host', '::1'],
    ['PALIMPSEST_TRUSTED_PROXIES', '10.0.0.0/8, ::1', 'trustedProxies', ['10.0.0.0/8', '::1']],
    ['PALIMPSEST_PORT', '0', 'port', 0],
    ['PALIMPSEST_PUBLIC_URL', 'https://courier.example/', 'publicUrl', 'https://courier.example'],
    ['PALIMPSEST_METRICS', '[::1]:9464', 'metrics', { host: '::1', port: 9464 }],
    ['PALIMPSEST_TIMEZONE', 'Europe/Berlin', 'timezone', 'Europe/Berlin'],
    ['PALIMPSEST_STORE', 'kurrentdb://node1:2113', 'store', { kind: 'kurrentdb', address: 'kurrentdb://node1:2113' }],
    [
      'PALIMPSEST_IMAGE_SOURCES',
      'https://pictures.example https://cdn.example:8443/',
      'imageSources',
      ['https://pictures.example', 'https://cdn.example:8443'],
    ],
  ])('%s=%s is read', (name, typed, key, value) => {
    expect(parseConfig({ [name]: typed })).toMatchObject({ ok: true, config: { [key]: value } });
  });

  test.each([
    ['PALIMPSEST_PORT', '-1'],
    ['PALIMPSEST_PORT', '3e3'],
    ['PALIMPSEST_MOST_LAG', '0'],
    ['PALIMPSEST_METRICS', '9464'],
    ['PALIMPSEST_METRICS', '127.0.0.1:94640'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['PALIMPSEST_PUBLIC_URL', 'ftp://courier.example'],
    ['PALIMPSEST_PUBLIC_URL', 'https://ines:secret@courier.example'],
    ['PALIMPSEST_PUBLIC_HISTORY', 'ALL'],
    ['PALIMPSEST_LOG_LEVEL', 'loud'],
    ['PALIMPSEST_PUBLISHER_LOGO', 'logo.png'],
    ['PALIMPSEST_PUBLISHER_HOME', 'javascript:alert(1)'],
    ['PALIMPSEST_PUBLISHER_LANGUAGE', 'the Queen’s English'],
    ['PALIMPSEST_PUBLISHER_CONTACT', 'Ines Varga'],
    ['PALIMPSEST_PUBLISHER_CONTACT', 'ines@courier.example?bcc=x'],
  ])('%s=%s is refused', (name, typed) => {
    expect(faultsOf({ [name]: typed })).toHaveLength(1);
  });

  test('the publisher is one thing of several settings', () => {
    const publisher = {
      PALIMPSEST_PUBLISHER: 'The Harrow Bay Courier',
      PALIMPSEST_PUBLISHER_LOGO: 'https://courier.example/logo.png',
      PALIMPSEST_PUBLISHER_HOME: 'https://courier.example/',
      PALIMPSEST_PUBLISHER_LANGUAGE: 'en-gb',
      PALIMPSEST_PUBLISHER_CORRECTIONS_POLICY: 'https://courier.example/corrections',
      PALIMPSEST_PUBLISHER_CONTACT: 'desk@courier.example',
    };
    expect(parseConfig(publisher)).toMatchObject({
      ok: true,
      config: {
        publisher: {
          name: 'The Harrow Bay Courier',
          logo: 'https://courier.example/logo.png',
          home: 'https://courier.example/',
          language: 'en-GB',
          correctionsPolicy: 'https://courier.example/corrections',
          contact: 'mailto:desk@courier.example',
        },
      },
    });
    const page = { PALIMPSEST_PUBLISHER_CONTACT: 'https://courier.example/contact' };
    expect(parseConfig(page)).toMatchObject({ config: { publisher: { contact: 'https://courier.example/contact' } } });
  });

  test('a fault does not repeat the password of an address', () => {
    const [fault] = faultsOf({ PALIMPSEST_STORE: 'kurrent://palimpsest:secret@node1:2113' });
    expect(fault).toMatch(/^PALIMPSEST_STORE is "kurrent:\/\/…@node1:2113"; set it to/);
  });

  test.each(['secret', 's/e@cr:et'])('what holds is told with the defaults, without the password %s', (password) => {
    const parsed = parseConfig({
      PALIMPSEST_STORE: `kurrentdb://palimpsest:${password}@node1:2113?tls=true`,
      PALIMPSEST_METRICS: '127.0.0.1:9464',
    });
    const told = parsed.ok && settingsInForce(parsed.config);
    expect(told).toMatchObject({
      PALIMPSEST_STORE: 'kurrentdb://…@node1:2113?tls=true',
      PALIMPSEST_METRICS: { host: '127.0.0.1', port: 9464 },
      PALIMPSEST_ACCESS: resolve('data'),
      PALIMPSEST_PORT: 3000,
      PALIMPSEST_PUBLISHER: 'Palimpsest',
    });
    expect(JSON.stringify(told)).not.toContain(password);
  });

  test('nothing can change them afterwards', () => {
    const parsed = parseConfig({});
    expect(parsed.ok && [parsed.config, parsed.config.publisher].every(Object.isFrozen)).toBe(true);
  });

  test('the help lists each with its default', () => {
    expect(settingsHelp()).toContain(
      'PALIMPSEST_PORT\n      The port.\n      0 to 65535; 0 takes any free one (default: 3000)',
    );
  });
});

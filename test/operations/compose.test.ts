/** What docker-compose.yml, Dockerfile and deploy/ say of each other and of the settings. Needs no Docker; asks it if it is there. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { parseConfig, settingsHelp } from '../../src/config.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  network_mode?: string;
  restart?: string;
  healthcheck?: { test?: unknown; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { resources: { limits: { memory?: string } } };
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
  networks: Record<string, null>;
}

/** `.env` as the example tells one to fill it in. */
const filled: Record<string, string> = Object.fromEntries(
  [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [name, value || `of-${name}`]),
);

/** As Compose does it, of the forms used here; throws for a variable that has to be set and is not. */
function substituted(text: string, env: Record<string, string>): string {
  return text.replace(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_, name: string, form?: string, rest = '') => {
    if (env[name]) return env[name];
    if (form === '?') throw new Error(`${name}: ${rest}`);
    return form === '-' ? rest : '';
  });
}
const composed = (text: string): Compose => parse(text, { merge: true });

const source = read('docker-compose.yml');
const written = composed(source);
const compose = composed(substituted(source, filled));
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build);
const kurrentdb = services.filter(([, { image }]) => image?.includes('/kurrentdb:'));
/** Those that do one thing, end, and are waited for. */
const once = new Set(
  services.flatMap(([, { depends_on = {} }]) =>
    Object.entries(depends_on).flatMap(([name, { condition }]) =>
      condition === 'service_completed_successfully' ? [name] : [],
    ),
  ),
);
const lasting = services.filter(([name]) => !once.has(name));
const settingsOf = ({ environment = {} }: Service) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('PALIMPSEST_')));

describe('docker-compose.yml', () => {
  test('has three KurrentDB nodes, two of the service and a proxy', () => {
    expect(kurrentdb).toHaveLength(3);
    expect(ours.filter(([name]) => !once.has(name))).toHaveLength(2);
    expect(lasting).toHaveLength(6);
  });

  test('sets only settings that there are, to what they may be', () => {
    for (const [name, service] of ours) {
      expect([name, parseConfig(settingsOf(service))]).toEqual([name, expect.objectContaining({ ok: true })]);
    }
    const env = Object.fromEntries(
      [...read('Dockerfile').matchAll(/(PALIMPSEST_[A-Z_]+)=(\S+)/g)].map((m) => m.slice(1)),
    );
    expect(parseConfig(env)).toMatchObject({ ok: true, config: { host: '0.0.0.0', data: '/data' } });
  });

  test('gives every node of the service the same cluster and access folder, and a data folder of its own', () => {
    const parsed = ours.flatMap(([name, service]) => {
      const { ok, ...rest } = parseConfig(settingsOf(service));
      return ok && !once.has(name) && 'config' in rest ? [{ config: rest.config, volumes: service.volumes ?? [] }] : [];
    });
    for (const { config, volumes } of parsed) {
      expect(config.access).toBe('/access');
      expect(volumes).toContain('access:/access');
      expect(config.store).toEqual(parsed[0]!.config.store);
      expect(config.publicUrl).toBe('https://localhost');
    }
    const data = parsed.flatMap(({ volumes }) => volumes.filter((volume) => volume.endsWith(':/data')));
    expect(new Set(data).size).toBe(2);
  });

  test('names every KurrentDB node to the service, with TLS and the certificate that is mounted there', () => {
    const hosts = kurrentdb.map(([name]) => `${name}:2113`).join(',');
    for (const [, service] of ours) {
      const address = settingsOf(service).PALIMPSEST_STORE ?? '';
      expect(address).toBe(
        `kurrentdb://palimpsest:${filled.KURRENTDB_PALIMPSEST_PASSWORD}@${hosts}?tls=true&tlsCaFile=/trust/ca.crt`,
      );
      expect(service.volumes).toContain('trust:/trust:ro');
    }
    for (const [name, { environment, volumes }] of kurrentdb) {
      expect(environment).toMatchObject({
        KURRENTDB_CLUSTER_SIZE: '3',
        KURRENTDB_GOSSIP_SEED: hosts,
        KURRENTDB_NODE_HOST_ADVERTISE_AS: name,
        KURRENTDB_REPLICATION_HOST_ADVERTISE_AS: name,
        KURRENTDB_CERTIFICATE_FILE: `/nodes/${name}/node.crt`,
        KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE: `/nodes/${name}/node.key`,
        KURRENTDB_TRUSTED_ROOT_CERTIFICATES_PATH: '/trust',
      });
      expect(volumes).toContain(`${name}:/var/lib/kurrentdb`);
    }
    expect(read('deploy/certificates.sh')).toContain(`for node in ${kurrentdb.map(([name]) => name).join(' ')};`);
  });

  test('refers to nothing that is not there, and has nothing that is not used', () => {
    const mounted = new Set<string>();
    for (const [name, service] of services) {
      for (const [from = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
        if (from.startsWith('./')) expect([name, from, existsSync(join(root, from))]).toEqual([name, from, true]);
        else mounted.add(from);
      }
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        const awaited = compose.services[other];
        expect([name, other, awaited !== undefined]).toEqual([name, other, true]);
        if (condition === 'service_healthy')
          expect([other, awaited!.healthcheck?.test]).not.toEqual([other, undefined]);
      }
      for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
    }
    expect([...mounted].sort()).toEqual(Object.keys(compose.volumes).sort());
    const named = new Set([...source.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(Object.keys(filled).sort());
  });

  test('keeps every lasting service up, watched and bounded, and off the network unless told otherwise', () => {
    for (const [name, { restart, healthcheck, build, deploy, image, ports = [], networks }] of lasting) {
      expect([name, restart]).toEqual([name, 'unless-stopped']);
      // Our image brings its own.
      expect([name, Boolean(healthcheck?.test ?? build)]).toEqual([name, true]);
      expect([name, deploy?.resources.limits.memory]).toEqual([name, expect.stringMatching(/^\d+[gm]$/)]);
      expect([name, image]).toEqual([name, build ? 'palimpsest' : expect.stringMatching(/:\d+\.\d+/)]);
      expect([name, ports.filter((port) => !port.startsWith('127.0.0.1:'))]).toEqual([name, []]);
      expect([name, networks?.length]).not.toEqual([name, undefined]);
    }
  });

  test('holds no password, and does not start without them', () => {
    const secret = /PASSWORD|SECRET|TOKEN|PALIMPSEST_STORE/;
    const secrets = Object.values(written.services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => secret.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(6);
    for (const [name, value] of secrets) {
      expect([name, value]).toEqual([name, expect.stringMatching(/\$\{[A-Z_]+PASSWORD:\?[^}]+\}/)]);
    }
    for (const name of Object.keys(filled).filter((one) => secret.test(one))) {
      expect(read('.env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
      expect(() => substituted(source, { ...filled, [name]: '' })).toThrow(`${name}: set it in .env`);
    }
    expect(read('.gitignore').split('\n')).toContain('.env');
    // With only what has to be set, it is all there too.
    const least = Object.fromEntries(Object.entries(filled).filter(([name]) => secret.test(name)));
    expect(Object.keys(composed(substituted(source, least)).services)).toEqual(Object.keys(compose.services));
  });

  test('is read by docker compose as it is read here, where the client has it', async () => {
    const docker = (...args: string[]) =>
      promisify(execFile)('docker', args, { cwd: root, env: { ...process.env, ...filled } });
    const hasCompose = await docker('compose', 'version').then(
      () => true,
      () => false,
    );
    // Without it there is still this: names that a YAML parser would silently take twice are told.
    expect(() => parse(source, { merge: true, strict: true, uniqueKeys: true })).not.toThrow();
    if (!hasCompose) return;
    const { stdout } = await docker('compose', '-f', 'docker-compose.yml', 'config', '--format', 'json');
    const theirs = (JSON.parse(stdout) as Compose).services;
    const environments = (all: Record<string, Service>) =>
      Object.fromEntries(Object.entries(all).map(([name, { environment }]) => [name, environment ?? {}]));
    expect(environments(theirs)).toEqual(environments(compose.services));
  });
});

describe('the proxy', () => {
  const caddyfile = read('deploy/Caddyfile');
  test('sends to both nodes, only while they are ready, and lets server-sent events through at once', () => {
    const [, upstreams = ''] = /reverse_proxy (.+) \{/.exec(caddyfile) ?? [];
    expect(upstreams.split(' ')).toEqual(ours.filter(([name]) => !once.has(name)).map(([name]) => `${name}:3000`));
    expect(caddyfile).toMatch(/^\s*health_uri \/health\/ready$/m);
    expect(caddyfile).toMatch(/^\s*flush_interval -1$/m);
    for (const [, name = ''] of caddyfile.matchAll(/\{\$([A-Z_]+)/g)) {
      expect(compose.services.proxy!.environment).toHaveProperty(name);
    }
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');
  test('has the Node.js that package.json asks for, does not run as root, and says whether it lives', () => {
    const { engines } = JSON.parse(read('package.json'));
    const [, least] = /^>=(\d+)\./.exec(engines.node) ?? [];
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(image).toBe(`node:${least}-bookworm-slim`);
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/HEALTHCHECK[\s\S]*\/health\/live/);
    expect(last).toMatch(/^CMD \["serve"\]$/m);
    expect(dockerfile).toContain('--omit=dev');
  });

  test('is made of nothing but what is copied into it: neither .env nor data', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(allowed[0]).toBe('*');
    for (const line of allowed.filter((one) => one.startsWith('!')))
      expect(existsSync(join(root, line.slice(1)))).toBe(true);
    expect(allowed).not.toContain('!.env');
  });
});

test('docs/operations.md speaks of settings, ports and files that there are', () => {
  const page = read('docs/operations.md');
  for (const [name] of page.matchAll(/PALIMPSEST_[A-Z_]+/g)) expect(settingsHelp()).toContain(`  ${name}\n`);
  const ports = kurrentdb.map(([, { ports: [port = ''] = [] }]) => port.split(':')[1]);
  expect(page).toContain(`for port in ${ports.join(' ')}; do`);
  for (const [, file = ''] of page.matchAll(/\]\((?!https:)([^)#]+)/g))
    expect([file, existsSync(join(root, 'docs', file))]).toEqual([file, true]);
});

/**
 * Packs Palimpsest, installs the package in an empty folder with what it asks for and nothing else, and goes through it as
 * somebody would who has only that: serve, example, publish, as of, compare, verify, the pages and what they load, the
 * embed, the API's page. `npm run check:package`; asks npm's registry for the packages.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { root } from './packed.js';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'palimpsest-package-'));
/** As a new user's shell: no setting of ours, and npm chooses which Node.js runs. */
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|PALIMPSEST_|NODE_)/.test(name))),
  PATH: (process.env.PATH ?? '')
    .split(':')
    .filter((at) => !at.includes('node_modules'))
    .join(':'),
  PALIMPSEST_PORT: '0',
  PALIMPSEST_LOG_LEVEL: 'warn',
};

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    const result = await work();
    console.log(`✓ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    console.error(`✗ ${name}`);
    throw error;
  }
}
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** `palimpsest …` by npx, in the folder; its standard output. */
const palimpsest = async (...args: string[]) =>
  (await run('npx', ['--no', 'palimpsest', ...args], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 })).stdout;

async function serve() {
  const child = spawn('npx', ['--no', 'palimpsest', 'serve'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/[^\s/]+/.exec(line)?.[0];
      if (found) resolve(found);
    });
    void exited.then(([code]) => reject(new Error(`serve ended with ${code}`)));
  });
  return {
    url,
    /** As Ctrl-C does: the signal goes to npx and to all that it has started. */
    async stop() {
      process.kill(-child.pid!, 'SIGINT');
      await exited;
    },
  };
}

try {
  const tarball = await step('npm pack', async () => {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
    return join(folder, stdout.trim().split('\n').at(-1)!);
  });
  await step('npm install, without a script and without the packages for building and testing', async () => {
    await writeFile(join(folder, 'package.json'), '{"private": true}\n');
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: folder, env });
    await run('npm', ['ls', '--all', '--omit=dev'], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  });
  await step('palimpsest --version', async () =>
    must(/^\d+\.\d+\.\d+\n$/.test(await palimpsest('--version')), 'no version'),
  );
  const service = await step('palimpsest serve', serve);
  try {
    const get = async (path: string, status = 200) => {
      const response = await fetch(service.url + path);
      const text = await response.text();
      must(response.status === status, `${path} answered ${response.status}: ${text.slice(0, 200)}`);
      return text;
    };
    await step('palimpsest example', () => palimpsest('example'));
    const story = 'harrow-bay-ferry-fire';
    await step('publish, and make a second version', async () => {
      const { editor } = JSON.parse(await palimpsest('tokens', '--json'));
      const send = (path: string, body: unknown, headers = {}) =>
        fetch(service.url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${editor}`, 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
      const made = await send('/api/stories', {
        headline: 'Market hall reopens',
        body: { markdown: 'It **reopens**.' },
      });
      must(made.status === 201, await made.text());
      const html = '<p>It reopens <em>after eight years</em>.</p>';
      const changed = await send(
        '/api/stories/market-hall-reopens/versions',
        { body: { html } },
        { 'if-match': '"0.1"' },
      );
      must(changed.status === 201, await changed.text());
    });
    await step('as-of, history, compare, authorship, replay, verify', async () => {
      must(/Version \d/.test(await palimpsest('as-of', story)), 'as-of has no version');
      must(/statement added/.test(await palimpsest('history', story)), 'history has no statement');
      must(/\{\+118\+\}/.test(await palimpsest('compare', story, '3', '4')), 'compare has no figure');
      must(/│/.test(await palimpsest('authorship', story)), 'authorship has no margin');
      must(/chain unbroken/.test(await palimpsest('replay', story)), 'replay has no chain');
      must(JSON.parse(await palimpsest('verify', '--json')).ok === true, 'verify found something');
    });
    await step('the pages, and all that they load from us', async () => {
      const pages = ['/', '/corrections', '/sign-in', `/stories/${story}`, `/stories/${story}/versions`];
      const more = [`/stories/${story}/compare/3...4`, `/stories/${story}/authorship`, '/embed/example', '/feed.atom'];
      const loaded = new Set(['/api/docs', '/embed/story-history.js']);
      for (const page of [...pages, ...more]) {
        const text = await get(page);
        for (const [, at = ''] of text.matchAll(/(?:src|<link rel="(?:stylesheet|icon)" href)="(\/[^"]+)"/g))
          loaded.add(at);
      }
      for (const at of loaded) {
        const text = await get(at);
        for (const [, font = ''] of at.endsWith('.css') ? [...text.matchAll(/url\(([^)]+\.woff2)\)/g)].slice(0, 3) : [])
          await get(font);
        for (const [, part = ''] of at === '/api/docs'
          ? text.matchAll(/(?:src|href)="(?:\.\/)?([^":]+\.(?:js|css))"/g)
          : [])
          await get(new URL(part, `${service.url}/api/docs`).pathname);
      }
      must(loaded.size >= 4, 'pages load nothing');
    });
  } finally {
    await step('it ends when it is asked to', () => service.stop());
  }
  must(!(await readdir(join(folder, 'data'))).includes('service.json'), 'service.json was left behind');
} finally {
  await rm(folder, { recursive: true, force: true });
}

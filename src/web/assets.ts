/** The stylesheet, the script of readers' pages, the icon and the typefaces, from our own origin, under addresses that change when they do. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

/** Places along a line, in per cent: the content security policy allows no `style` attributes. */
const places = Array.from({ length: 101 }, (_, at) => `.at-${at}{inset-inline-start:${at}%}`).join('\n');

function typeface(from: string, sheets: string[]) {
  const folder = dirname(resolve(`${from}/package.json`));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const prefix = `/assets/fonts/${basename(from)}-${version}/`;
  const css = sheets
    .map((sheet) => readFileSync(join(folder, sheet), 'utf8').replaceAll('./files/', prefix))
    .join('\n');
  return { root: join(folder, 'files'), prefix, css };
}

const asset = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
const addressOf = (text: string, kind: string) =>
  `/assets/palimpsest.${createHash('sha256').update(text).digest('hex').slice(0, 12)}.${kind}`;

/** The typefaces, each a folder to serve under its prefix. */
export const typefaces = [
  typeface('@fontsource-variable/source-serif-4', ['opsz.css', 'opsz-italic.css']),
  typeface('@fontsource-variable/inter', ['wght.css']),
];

const css = [
  ...typefaces.map((face) => face.css),
  // In this order: what comes later wins.
  ...['house', 'story', 'pages', 'desk'].map((name) => asset(`${name}.css`)),
  places,
].join('\n');

const js = ['times', 'life', 'changes'].map((name) => asset(`${name}.js`)).join('\n');

export const stylesheet = { href: addressOf(css, 'css'), css };
/** Makes readers' pages better; none needs it. */
export const script = { href: addressOf(js, 'js'), js };

const svg = asset('icon.svg').trim();
export const icon = { href: addressOf(svg, 'svg'), svg };

/** For what is served under an address that changes with it. */
export const forever = 'public, max-age=31536000, immutable';

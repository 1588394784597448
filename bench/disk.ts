/**
 * Bytes on disk a version, beside what `git gc` makes of the same texts. REAL_INPUT names a folder with `policies/*.jsonl`
 * (see `palimpsest import versions`); without it, three long texts are generated, each with forty versions.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { palimpsest, serve } from '../test/support/serve.js';
import { draws, rates, Writer } from './generate.js';
import { type Figure, told } from './table.js';

interface Line {
  committedAt: string;
  markdown: string;
}
interface History {
  name: string;
  lines: Line[];
}

function histories(): History[] {
  const input = process.env.REAL_INPUT;
  if (!input) return [1, 2, 3].map(generated);
  const folder = join(input, 'policies');
  return readdirSync(folder).map((file) => ({
    name: basename(file, '.jsonl'),
    lines: readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }));
}

function generated(seed: number): History {
  const writer = new Writer(draws(seed));
  let text = writer.text(3000);
  const lines = Array.from({ length: 40 }, (_, version): Line => {
    if (version > 0) text = writer.edit(text, rates.light);
    const paragraphs = text.map((sentences) =>
      sentences.map((words) => words.map((word) => word.text).join(' ')).join(' '),
    );
    const committedAt = new Date(Date.parse('2024-03-01T06:00:00Z') + version * 86_400_000).toISOString();
    return { committedAt, markdown: `---\ntitle: Tides ${seed}\n---\n\n${paragraphs.join('\n\n')}\n` };
  });
  return { name: `tides-${seed}`, lines };
}

/** Bytes of the pack and its index, of a commit a version. */
function packed(folder: string, all: readonly History[]): number {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'gc.auto=0', '-c', 'pack.threads=1', ...args], { stdio: 'pipe' });
  mkdirSync(folder);
  git('init', '-q');
  git('config', 'user.name', 'bench');
  git('config', 'user.email', 'bench@localhost');
  for (const { name, lines } of all) {
    for (const { markdown } of lines) {
      writeFileSync(join(folder, `${name}.md`), markdown);
      git('add', '-A');
      git('commit', '-q', '-m', name);
    }
  }
  git('gc', '-q', '--prune=now');
  const packs = join(folder, '.git/objects/pack');
  return readdirSync(packs)
    .filter((file) => /\.(pack|idx)$/.test(file))
    .reduce((sum, file) => sum + statSync(join(packs, file)).size, 0);
}

export async function* figures(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  try {
    const data = join(folder, 'data');
    const service = await serve(data, { stderr: 'ignore' });
    const versions: History[] = [];
    for (const { name, lines } of histories()) {
      const file = join(folder, `${name}.jsonl`);
      writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
      const { code, stdout, stderr } = await palimpsest(data, 'import', 'versions', file, '--story', name, '--json');
      if (code !== 0) throw new Error(stderr);
      // git is given the texts that made a version, not those that differ in their markup alone.
      const outcomes = (JSON.parse(stdout).lines as { outcome: string }[]).map(({ outcome }) => outcome);
      versions.push({ name, lines: lines.filter((_, index) => outcomes[index] === 'imported') });
    }
    await service.stop();
    const count = versions.reduce((sum, { lines }) => sum + lines.length, 0);
    const git = packed(join(folder, 'git'), versions);
    const conditions = `${count} versions of ${versions.length} ${process.env.REAL_INPUT ? 'real' : 'generated'} texts`;
    for (const [what, pattern] of [
      ['bytes a version: record and texts, beside `git gc`', /^events\.db/],
      ['bytes a version: views, beside `git gc`', /^views-\d+\.db/],
    ] as const) {
      const bytes = readdirSync(data)
        .filter((file) => pattern.test(file))
        .reduce((sum, file) => sum + statSync(join(data, file)).size, 0);
      yield {
        what,
        conditions,
        ours: told(bytes / count, 'bytes'),
        baseline: told(git / count, 'bytes'),
        ratio: bytes / git,
        wanted: { atMost: 6 },
      };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What others make of the same two texts: for each word after, which word before it is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffWordsWithSpace } from 'diff';
import dmp from 'diff-match-patch';
import htmldiff from 'htmldiff-js';
import type { Text } from './generate.js';

/** For each word after: the index of the word before that it is, or -1. */
export type Origins = Int32Array;

interface Piece {
  op: 'kept' | 'inserted' | 'deleted';
  text: string;
}

export const rivals: { name: string; compare: (before: string, after: string) => Piece[] }[] = [
  {
    name: 'jsdiff diffWordsWithSpace',
    compare: (before, after) =>
      diffWordsWithSpace(before, after).map(({ added, removed, value }) => ({
        op: added ? 'inserted' : removed ? 'deleted' : 'kept',
        text: value,
      })),
  },
  {
    name: 'diff-match-patch (5 s limit)',
    compare: (before, after) => {
      const differ = new dmp.diff_match_patch();
      differ.Diff_Timeout = 5;
      const diffs = differ.diff_main(before, after);
      differ.diff_cleanupSemantic(diffs);
      return diffs.map(([op, text]) => ({ op: op === 0 ? 'kept' : op === 1 ? 'inserted' : 'deleted', text }));
    },
  },
  {
    name: 'htmldiff-js',
    compare: (before, after) => {
      const pieces: Piece[] = [];
      let op: Piece['op'] = 'kept';
      for (const part of htmldiff.default.execute(before, after).split(/(<\/?(?:ins|del)[^>]*>)/)) {
        if (part.startsWith('<ins')) op = 'inserted';
        else if (part.startsWith('<del')) op = 'deleted';
        else if (/^<\/(ins|del)/.test(part)) op = 'kept';
        else if (part !== '') pieces.push({ op, text: part });
      }
      return pieces;
    },
  },
];

/** A word is kept only if all of it is, from one word that is the same. White space counts for nothing. */
export function originsOf(pieces: readonly Piece[], before: Text, after: Text): Origins {
  const [was, is] = [before, after].map((text) => {
    const words = text.flat(2).map(({ text }) => text);
    let at = 0;
    const starts = words.map((word) => {
      const start = at;
      at += word.length;
      return start;
    });
    return { words, starts };
  });
  const from: number[] = [];
  let i = 0;
  for (const { op, text } of pieces) {
    const { length } = text.replace(/\s|&nbsp;/g, '');
    for (let k = 0; k < length && op !== 'deleted'; k++) from.push(op === 'kept' ? i + k : -1);
    if (op !== 'inserted') i += length;
  }
  const wordAt = new Map(was!.starts.map((start, word) => [start, word]));
  return Int32Array.from(is!.words, (text, w) => {
    const length = text.replace(/[.,]$/, '').length;
    const start = from[is!.starts[w]!]!;
    for (let k = 1; k < length; k++) if (from[is!.starts[w]! + k] !== start + k) return -1;
    return wordAt.get(start) ?? -1;
  });
}

/** Versions a word a line, committed one after another; what `git blame -M -C` says of each line of the last. */
export function blame(versions: readonly Text[]): { ms: number; lines: { version: number; line: number }[] } {
  const folder = mkdtempSync(join(tmpdir(), 'bench-git-'));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], {
      encoding: 'utf8',
      env,
      maxBuffer: 1 << 28,
    });
  git('init', '-q');
  const commits = versions.map((text) => {
    const words = text.map((paragraph) =>
      paragraph
        .flat()
        .map(({ text }) => text)
        .join('\n'),
    );
    writeFileSync(join(folder, 'story'), `${words.join('\n\n')}\n`);
    git('add', 'story');
    git('commit', '-q', '--allow-empty', '-m', 'version');
    return git('rev-parse', 'HEAD').trim();
  });
  const began = performance.now();
  const told = git('blame', '-M', '-C', '--porcelain', 'story');
  const ms = performance.now() - began;
  rmSync(folder, { recursive: true });
  const lines: { version: number; line: number }[] = [];
  let current: { version: number; line: number } | undefined;
  for (const line of told.split('\n')) {
    const head = /^([0-9a-f]{40}) (\d+) \d+/.exec(line);
    if (head) current = { version: commits.indexOf(head[1]!) + 1, line: Number(head[2]) - 1 };
    else if (line.startsWith('\t') && line !== '\t') lines.push(current!);
  }
  return { ms, lines };
}

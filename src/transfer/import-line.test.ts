import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { linesOf, readLine } from './import-line.js';

const utf8 = new TextEncoder();
const read = (said: unknown, headline?: string) =>
  readLine({ number: 7, bytes: utf8.encode(typeof said === 'string' ? said : JSON.stringify(said)) }, headline);
const problemOf = (said: unknown) => {
  const line = read(said);
  return line.ok ? undefined : [line.number, line.problem];
};
const lineOf = (said: unknown, headline?: string) => {
  const line = read(said, headline);
  if (!line.ok) throw new Error(line.problem);
  return line.line;
};
const at = '2026-05-14T12:27:00+01:00';

describe('a line', () => {
  test('becomes a version of its own time, in UTC, with what it says and no more', () => {
    const said = {
      at,
      editor: 'Ines Varga',
      note: 'First report.',
      headline: 'Ferries stopped',
      markdown: 'A *fire*.',
    };
    const line = lineOf(said);
    expect(line.request).toEqual({
      inForceFrom: '2026-05-14T11:27:00.000Z',
      imported: true,
      headline: 'Ferries stopped',
      note: 'First report.',
      editor: { id: 'Ines Varga', name: 'Ines Varga' },
      body: { markdown: 'A *fire*.' },
    });
    expect(line.hash).toBe(createHash('sha256').update(JSON.stringify(said)).digest('hex'));
  });

  test('may call its time committedAt, name its editor by an id, and number itself', () => {
    const line = lineOf({ version: 3, committedAt: at, editor: { id: 'ines', name: 'Ines Varga' }, text: 'A fire.' });
    expect(line.at).toBe('2026-05-14T11:27:00.000Z');
    expect(line.request).toMatchObject({ editor: { id: 'ines', name: 'Ines Varga' }, body: { text: 'A fire.' } });
    expect(line.request).not.toHaveProperty('version');
  });

  test('takes its headline from itself, else from its front matter, else from what all lines are given', () => {
    const titled = '---\ntitle: Ferries sail again\n---\n\nThey do.';
    expect(lineOf({ at, headline: 'Own', markdown: titled }, 'Given').headline).toBe('Own');
    expect(lineOf({ at, markdown: titled }, 'Given').headline).toBe('Ferries sail again');
    expect(lineOf({ at, markdown: 'They do.' }, 'Given').headline).toBe('Given');
    expect(lineOf({ at, markdown: 'They do.' }).headline).toBeUndefined();
  });

  test.each([
    ['{"at":', 'it is not JSON'],
    [[1], 'it is not a JSON object'],
    [{ at, html: '<p>A fire.&#1;</p>' }, '/body/html'],
    [{ at, text: 'a', markdown: 'b' }, 'give exactly one of markdown, html, text, body'],
    [{ at }, 'give exactly one of markdown, html, text, body'],
    [{ at, committedAt: at, text: 'a' }, 'give its time once'],
    [{ text: 'a' }, '"at" must be an RFC 3339 time'],
    [{ at: '2026-05-14 11:27', text: 'a' }, '"at" must be an RFC 3339 time'],
    [{ at, text: 'a', headlin: 'Ferries' }, '"headlin" is not known here'],
    [{ at, text: 'a', editor: { name: 'Ines Varga' } }, '"editor" must be'],
    [{ at, text: 'a', note: 7 }, '"note" must be'],
    [{ at, text: 'a', headline: 'x'.repeat(501) }, 'at most 500'],
    [{ at, body: [{ _type: 'removed' }] }, '/body/0/_type'],
    [{ at, text: 'a\u0007' }, 'U+0007'],
  ])('says what is wrong with %j', (said, problem) => {
    expect(problemOf(said)).toEqual([7, expect.stringContaining(problem)]);
  });

  test('that is not UTF-8 is told from one that is not JSON', () => {
    const line = readLine({ number: 1, bytes: Uint8Array.of(0x22, 0xff, 0x22) });
    expect(line).toMatchObject({ ok: false, problem: 'it is not UTF-8' });
  });
});

describe('a file', () => {
  const split = async (...chunks: string[]) => {
    const lines = [];
    for await (const { number, bytes } of linesOf(chunked(chunks))) lines.push([number, Buffer.from(bytes).toString()]);
    return lines;
  };
  async function* chunked(chunks: string[]) {
    for (const chunk of chunks) yield utf8.encode(chunk);
  }

  test('is split at line feeds, wherever its chunks end', async () => {
    expect(await split('one\ntw', 'o\nthree')).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect(await split('one\r\n', 'two\r', '\n')).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
  });

  test('keeps the numbers of its lines where some are empty', async () => {
    expect(await split('\n\none\n  \r\ntwo\n')).toEqual([
      [3, 'one'],
      [5, 'two'],
    ]);
    expect(await split('')).toEqual([]);
  });

  test('may hold other line ends inside JSON', async () => {
    expect(await split('"a\u2028b"\n')).toEqual([[1, '"a\u2028b"']]);
  });

  test('with a line that cannot be one is refused, not read into memory', async () => {
    async function* endless() {
      for (;;) yield new Uint8Array(1024 * 1024).fill(0x20);
    }
    await expect(linesOf(endless()).next()).rejects.toThrow('line 1 has more than');
  });
});

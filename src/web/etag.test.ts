import { describe, expect, test } from '@jest/globals';
import { ifMatch, notModified, parseEntityTags, readersEtag, readWritersEtag, writersEtag } from './etag.js';
import { Refused } from './problem.js';

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof Refused ? error.refusal.code : error;
  }
  return undefined;
};

describe('preconditions', () => {
  test.each([
    ['"7.3"', [{ weak: false, tag: '7.3' }]],
    ['W/"7.3"', [{ weak: true, tag: '7.3' }]],
    ['"a", W/"b" ,"c"', ['a', 'b', 'c'].map((tag) => ({ weak: tag === 'b', tag }))],
    ['"a,b"', [{ weak: false, tag: 'a,b' }]],
    [', "a",,', [{ weak: false, tag: 'a' }]],
    ['""', [{ weak: false, tag: '' }]],
    [' * ', '*'],
  ])('%s is read', (header, tags) => {
    expect(parseEntityTags(header)).toEqual(tags);
  });

  test.each(['', '7.3', '"7.3', '"a" "b"', 'w/"a"', '*, "a"', ',', '"a"b', '"a b"'])('%p is refused', (header) => {
    expect(codeOf(() => parseEntityTags(header))).toBe('bad-etag');
  });

  test('a long row of blanks is refused at once: this is read of every request', () => {
    // Were blanks tried in two places, as many as these would take minutes.
    for (const blanks of [' '.repeat(400_000), '\t'.repeat(400_000)]) {
      expect(codeOf(() => parseEntityTags(`"a",${blanks}x`))).toBe('bad-etag');
      expect(codeOf(() => parseEntityTags(`"a"${blanks}x`))).toBe('bad-etag');
      expect(parseEntityTags(`"a",${blanks}"b"${blanks}`)).toHaveLength(2);
    }
  });

  test('a writer who names the present state, among others or by *, may act', () => {
    expect(ifMatch('"7.3"', '"7.3"')).toBe(true);
    expect(ifMatch('"6.3", "7.3"', '"7.3"')).toBe(true);
    expect(ifMatch('*', '"7.3"')).toBe(true);
  });

  test('a writer who names another, a weak one or anything of nothing may not', () => {
    expect(ifMatch('"6.3"', '"7.3"')).toBe(false);
    expect(ifMatch('W/"7.3"', '"7.3"')).toBe(false);
    expect(ifMatch('*', undefined)).toBe(false);
  });

  test('an embargo that ends changes the writers’ tag although nothing was written', () => {
    expect(writersEtag(7, 2)).not.toBe(writersEtag(7, 3));
    expect(readWritersEtag({ weak: false, tag: '7.3' })).toEqual({ revision: 7, versionInForce: 3 });
    expect(readWritersEtag({ weak: false, tag: 'x' })).toBeUndefined();
  });

  test('a reader who has these bytes is not sent them again, weak tag or not', () => {
    const etag = readersEtag('Ferries stopped');
    expect(notModified(etag, etag)).toBe(true);
    expect(notModified(`"x", W/${etag}`, etag)).toBe(true);
    expect(notModified('*', etag)).toBe(true);
    expect(notModified(readersEtag('Ferries stopped.'), etag)).toBe(false);
    expect(notModified(undefined, etag)).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from './cursor.js';
import { linkHeader } from './link.js';
import { negotiate, prefersHtml } from './negotiate.js';

const offered = ['json', 'markdown', 'text'] as const;
const firefox = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('formats', () => {
  test.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    [firefox, 'json'],
    ['text/markdown', 'markdown'],
    ['text/*', 'markdown'],
    ['text/*, text/markdown;q=0.5', 'text'],
    ['text/plain;q=0.9, application/json;q=0.8', 'text'],
    ['application/json;q=0, */*', 'markdown'],
    ['TEXT/PLAIN; charset=utf-8', 'text'],
  ])('Accept: %s gives %s', (accept, format) => {
    expect(negotiate(accept, undefined, offered)).toBe(format);
  });

  test('what is asked for by name wins over Accept', () => {
    expect(negotiate('application/json', 'text', offered)).toBe('text');
  });

  test('a format that is not offered is refused with those that are', () => {
    expect(() => negotiate('image/png', undefined, offered)).toThrow('application/json, text/markdown, text/plain');
    expect(() => negotiate(undefined, 'pdf', offered)).toThrow('json, markdown, text');
  });

  test('browsers want pages; programs don’t', () => {
    expect(prefersHtml(firefox)).toBe(true);
    expect(prefersHtml('*/*')).toBe(false);
    expect(prefersHtml(undefined)).toBe(false);
    expect(prefersHtml('application/json, text/html;q=0.5')).toBe(false);
  });
});

describe('lists', () => {
  const isNumber = (value: unknown): value is number => typeof value === 'number';

  test('a cursor comes back as it was given', () => {
    expect(decodeCursor('versions', encodeCursor('versions', 12), isNumber)).toBe(12);
  });

  test.each([
    ['another list’s', encodeCursor('stories', 12)],
    ['of another shape', encodeCursor('versions', 'twelve')],
    ['made up', 'abc'],
    ['empty', ''],
    ['with other characters', `${encodeCursor('versions', 12)}=`],
    ['endless', 'a'.repeat(100_000)],
  ])('a cursor %s is refused', (_, cursor) => {
    expect(() => decodeCursor('versions', cursor, isNumber)).toThrow('not given by this list');
  });

  test('a Link header cannot be broken out of', () => {
    expect(linkHeader({ next: '/api/stories?cursor=a>;b\r\nX: "é"', prev: undefined })).toBe(
      '</api/stories?cursor=a%3E%3Bb%0D%0AX:%20%22%C3%A9%22>; rel="next"',
    );
    expect(linkHeader({})).toBeUndefined();
  });
});

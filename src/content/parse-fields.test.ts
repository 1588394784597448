/** The fields of a story are taken as they were sent, or refused with the place and the limit. */
import { describe, expect, test } from '@jest/globals';
import { limits } from './limits.js';
import { parseDraftContent, parseStatement } from './parse-fields.js';

const faults = (members: { [name: string]: unknown }) => {
  const parsed = parseDraftContent(members);
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.pointer} ${fault.code}`);
};
const fields = (members: { [name: string]: unknown }) => {
  const parsed = parseDraftContent(members);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value.fields;
};

const whole = {
  headline: 'Ferry crews vote to strike',
  standfirst: 'Two lines\nof summary',
  byline: 'By Ines Varga and Tom Achterberg',
  authors: [{ name: 'Ines Varga', role: 'Reporter' }, { name: 'Tom Achterberg' }],
  section: 'News',
  tags: ['ferries', 'Harrow Bay'],
  language: 'en-GB',
  leadImage: { url: 'https://harrowbay.example/f.jpg', alt: 'A ferry', caption: 'At dawn', credit: 'Lena Okafor' },
  source: 'Harrow Bay Courier',
  url: 'https://harrowbay.example/ferries',
  fields: { priority: 2, desk: { name: 'north', open: true, notes: [null, 1.5, 'a\nb'] } },
};

test('a whole story comes back as it was sent', () => {
  expect(fields(whole)).toEqual(whole);
});

test('what is left out stays out, null takes away, and so do an empty list and an empty map', () => {
  expect(fields({})).toEqual({});
  expect(fields({ byline: null, tags: [], authors: [], fields: {} })).toEqual({
    byline: null,
    tags: null,
    authors: null,
    fields: null,
  });
});

test('a language is kept in its canonical form', () => {
  expect(fields({ language: 'EN-gb' })).toEqual({ language: 'en-GB' });
  expect(fields({ language: 'zh-hant-tw' })).toEqual({ language: 'zh-Hant-TW' });
});

test('line ends become line feeds', () => {
  expect(fields({ standfirst: 'a\r\nb\rc', fields: { x: 'a\r\nb' } })).toEqual({
    standfirst: 'a\nb\nc',
    fields: { x: 'a\nb' },
  });
});

test('members that are not content are left to others', () => {
  expect(parseDraftContent({ note: 7, slug: {}, inForceFrom: [] })).toEqual({
    ok: true,
    value: { fields: {}, dropped: [] },
  });
});

describe('refused, with its place:', () => {
  test.each<[{ [name: string]: unknown }, string[]]>([
    [{ headline: null }, ['/headline cannot-be-null']],
    [{ headline: '' }, ['/headline empty']],
    [{ headline: ['a'] }, ['/headline wrong-type']],
    [{ headline: 'a\nb' }, ['/headline line-break']],
    [{ headline: 'x'.repeat(501) }, ['/headline too-long']],
    [{ byline: 'a\u0007' }, ['/byline control-character']],
    [{ section: '\udc00' }, ['/section lone-surrogate']],
    [{ authors: 'Ines Varga' }, ['/authors wrong-type']],
    [{ authors: ['Ines Varga'] }, ['/authors/0 wrong-type']],
    [{ authors: [{ role: 'x' }] }, ['/authors/0/name wrong-type']],
    [{ authors: [{ name: 'x', age: 3 }] }, ['/authors/0/age unknown-member']],
    [{ tags: ['a', '', 'a'] }, ['/tags/1 empty', '/tags/2 duplicate']],
    [{ tags: Array.from({ length: 101 }, (_, i) => `t${i}`) }, ['/tags too-many']],
    [{ language: 'english please' }, ['/language invalid-language']],
    [{ language: 'e' }, ['/language invalid-language']],
    [{ url: '/ferries' }, ['/url url-not-allowed']],
    [{ url: 'javascript:alert(1)' }, ['/url url-not-allowed']],
    [{ leadImage: { alt: 'x' } }, ['/leadImage/url wrong-type']],
    [{ leadImage: { url: 'data:image/png;base64,AA' } }, ['/leadImage/url url-not-allowed']],
    [{ fields: [] }, ['/fields wrong-type']],
    [{ fields: { _absent: 'erased' } }, ['/fields/_absent name-not-allowed']],
    [{ fields: { 'a/b~c': { n: 2 ** 53 } } }, ['/fields/a~1b~0c/n unsafe-number']],
    [
      { fields: { n: Number.NaN, m: Number.POSITIVE_INFINITY } },
      ['/fields/n unsafe-number', '/fields/m unsafe-number'],
    ],
    [{ fields: JSON.parse('{"a":{"__proto__":{"x":1}}}') }, ['/fields/a/__proto__ name-not-allowed']],
    [{ fields: { x: 'é'.repeat(40_000) } }, ['/fields too-large']],
    [{ fields: { x: 10n } }, ['/fields/x wrong-type']],
    [
      { headline: '', byline: 7, tags: [''], body: 5 },
      ['/headline empty', '/byline wrong-type', '/tags/0 empty', '/body wrong-type'],
    ],
  ])('%j', (members, expected) => expect(faults(members)).toEqual(expected), 5000);

  test('a map nested deeper than the limit, however deep', () => {
    const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    expect(faults({ fields: deep(limits.depth) })).toEqual([]);
    expect(faults({ fields: deep(limits.depth + 1) })).toEqual([`/fields${'/a'.repeat(limits.depth)} too-deep`]);
    expect(faults({ fields: deep(100_000) })).toEqual([`/fields${'/a'.repeat(limits.depth)} too-deep`]);
  });
});

describe('front matter', () => {
  const markdown = '---\ntitle: Ferry crews: a vote\nlayout: post\n---\n\nText.';
  const quoted = markdown.replace('Ferry crews: a vote', '"Ferry crews: a vote"');

  test('gives the headline that was not sent', () => {
    expect(fields({ body: { markdown: quoted } })).toEqual({ headline: 'Ferry crews: a vote' });
    expect(fields({ body: { markdown: quoted }, headline: 'Mine' })).toEqual({ headline: 'Mine' });
  });

  test('a title that is no headline is refused at the source', () => {
    expect(faults({ body: { markdown: `---\ntitle: ${'x'.repeat(501)}\n---\n` } })).toEqual([
      '/body/markdown too-long',
    ]);
  });

  test('that is not YAML is refused', () => {
    expect(faults({ body: { markdown } })).toEqual(['/body/markdown front-matter-not-yaml']);
  });
});

describe('a statement', () => {
  const body = { text: 'We regret the delay.' };

  test('has a speaker and blocks', () => {
    const parsed = parseStatement(
      { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', after: 'k3', body },
      '/statements/0',
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', after: 'k3', blocks: [{ _type: 'block' }] },
    });
  });

  test.each<[unknown, string[]]>([
    ['x', ['/s wrong-type', '/s/speaker wrong-type', '/s/body wrong-type']],
    [{ speaker: '', body }, ['/s/speaker empty']],
    [{ speaker: 'Lena Okafor', body: { text: ' \n' } }, ['/s/body empty']],
    [{ speaker: 'Lena Okafor', body, says: 'x' }, ['/s/says unknown-member']],
    [
      { speaker: 'Lena Okafor', body: [{ _type: 'rule', statement: 's1' }] },
      ['/s/body/0/statement statement-in-statement'],
    ],
    [{ speaker: 'Lena Okafor', body: [{ _type: 'embed', url: 'x:y' }] }, ['/s/body/0/url url-not-allowed']],
  ])('%j is refused', (input, expected) => {
    const parsed = parseStatement(input, '/s');
    expect(parsed.ok ? [] : parsed.faults.map((fault) => `${fault.pointer} ${fault.code}`)).toEqual(expected);
  });
});

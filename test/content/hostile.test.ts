/**
 * Hostile HTML, Markdown and Portable Text is refused or comes out inert in every format: as a document of HTML, as
 * Markdown under a renderer that lets everything pass, on the page, and over HTTP as what it is said to be.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import MarkdownIt from 'markdown-it';
import { parse } from 'parse5';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { normalizeLineEnds } from '../../src/content/check.js';
import { documentHtml } from '../../src/content/html-out.js';
import { limits } from '../../src/content/limits.js';
import { documentMarkdown } from '../../src/content/markdown-out.js';
import { parseBody } from '../../src/content/parse-body.js';
import { parseDraftContent } from '../../src/content/parse-fields.js';
import type { Block, BlockText, Content, Fields } from '../../src/content/types.js';
import { Body } from '../../src/reading/body.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { html, markdown, portableText, words } from './hostile.js';
import { expectInert } from './inert.js';

const careless = new MarkdownIt({ html: true, linkify: false });
careless.validateLink = () => true;
careless.normalizeLink = (url) => url;

/** Every format in which a version is given out as markup. */
function expectInertEverywhere(content: Content, what: unknown): void {
  expectInert(documentHtml(content), ['html', what]);
  expectInert(careless.render(documentMarkdown(content)), ['markdown', what]);
  expectInert(renderToString(h(Body, { content })), ['page', what]);
}

/** The blocks of what is accepted; of what is refused, that every fault says where, which rule and why. */
function acceptedBlocks(body: unknown): Block[] {
  const parsed = parseBody(body);
  if (parsed.ok) return parsed.value.blocks.map((block: BlockText, i) => ({ ...block, _key: `k${i}` }));
  for (const { pointer, code, detail } of parsed.faults) {
    expect([pointer, code]).toEqual([expect.stringMatching(/^\/body/), expect.stringMatching(/^[a-z-]+$/)]);
    expect(detail.length).toBeGreaterThan(10);
  }
  return [];
}

const asBody = (body: Block[]): Content => ({ fields: { headline: 'a' }, statements: [], body });

test('the check finds what it looks for', () => {
  const found = (one: string) => {
    try {
      expectInert(one, one);
    } catch {
      return true;
    }
    return false;
  };
  expect(html.filter(found).length).toBeGreaterThan(html.length / 2);
  expect(markdown.map((one) => careless.render(one)).filter(found).length).toBeGreaterThan(markdown.length / 2);
});

describe.each<[string, unknown[]]>([
  ['HTML', html.map((one) => ({ html: one }))],
  ['Markdown', markdown.map((one) => ({ markdown: one }))],
  ['HTML sent as Markdown', html.map((one) => ({ markdown: one }))],
  ['Markdown sent as HTML', markdown.map((one) => ({ html: one }))],
  ['either sent as text', words.map((one) => ({ text: one }))],
  ['Portable Text', portableText.map((one) => [one])],
])('%s', (_, bodies) => {
  test('is refused or comes out inert in every format', () => {
    for (const body of bodies) expectInertEverywhere(asBody(acceptedBlocks(body)), body);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('as the words of every kind of block and field it comes out inert, and as it was sent', () => {
  for (const said of words) {
    const line = said.replace(/[\r\n]+/g, ' ').slice(0, limits.provider);
    const spans = [
      { _type: 'span', text: said, marks: ['strong'] },
      { _type: 'span', text: said, marks: ['code'] },
    ];
    const body = [
      ...['normal', 'h3', 'blockquote'].map((style) => ({ _type: 'block', style, children: spans })),
      { _type: 'block', listItem: 'number', level: 1, children: spans },
      {
        _type: 'block',
        children: [{ text: said, marks: ['l'] }],
        markDefs: [{ _type: 'link', _key: 'l', href: '/x' }],
      },
      { _type: 'table', header: true, rows: [{ cells: [said, { children: spans }] }, { cells: [said] }] },
      { _type: 'code', code: said, language: line },
      { _type: 'image', url: 'https://a.example/i.png', alt: said, caption: said, credit: line },
      { _type: 'embed', url: 'https://a.example/', provider: line },
      { _type: line, [line]: said },
    ];
    const fields = { headline: line, standfirst: said, byline: line, language: line };
    const parsed = parseDraftContent({ ...fields, body });
    if (!parsed.ok) {
      expect(
        parsed.faults.every(({ code }) =>
          /^(control-character|lone-surrogate|invalid-language|empty|too-long|line-break|wrong-type|name-not-allowed)$/.test(
            code,
          ),
        ),
      ).toBe(true);
      const others = parseDraftContent({ headline: line, standfirst: said, byline: line });
      if (others.ok) expectInertEverywhere({ ...asBody([]), fields: others.value.fields as Fields }, said);
      const blocks = body.flatMap((block) => acceptedBlocks([block]));
      expectInertEverywhere(asBody(blocks), said);
      continue;
    }
    const blocks = parsed.value.body!.map((block, i) => ({ ...block, _key: `k${i}`, statement: 's' })) as Block[];
    expect(blocks[0]).toMatchObject({ children: [{ text: normalizeLineEnds(said) }, {}] });
    const statements = [{ id: 's', speaker: line, organisation: line }];
    expectInertEverywhere({ fields: parsed.value.fields as Fields, statements, body: blocks }, said);
  }
});

test('blocks of a type that is not known stay as they came', () => {
  const came = {
    _type: 'html',
    html: '<script>alert(1)</script>',
    href: 'javascript:alert(1)',
    nested: [{ __html: 'x' }],
  };
  expect(acceptedBlocks([came])).toEqual([{ ...came, _key: 'k0' }]);
});

describe('over HTTP', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.dispose());

  const told = words.filter(
    (said) => said.length <= limits.headline && !/[\n\r]/.test(said) && /^[^\p{Cc}]+$/u.test(said.trim()),
  );
  /** Of everything that was accepted above, in bodies that fit into a request. */
  const bodies = [
    ['html', html.map((one) => acceptedBlocks({ html: one }))],
    ['markdown', markdown.map((one) => acceptedBlocks({ markdown: one }))],
    // Names that every object has are refused as JSON already.
    [
      'portable-text',
      portableText.map((one) => acceptedBlocks([one])).filter((one) => !/"constructor":/.test(JSON.stringify(one))),
    ],
  ] as const;

  test.each(bodies)('what was sent as %s is served as what it is, and runs nothing', async (name, each) => {
    const at = bodies.findIndex(([one]) => one === name);
    const headline = told.at(11 + at)!;
    const story = {
      slug: name,
      headline,
      standfirst: told.at(30 + at),
      byline: told.at(50 + at),
      section: told.at(-3)!.slice(0, 100),
      tags: [told.at(-5)!.slice(0, 100)],
      source: told.at(60 + at),
      note: told.at(70 + at),
      fields: { '<script>': '</script><script>alert(1)</script>' },
      statements: [
        {
          speaker: '<script>alert(1)</script>',
          organisation: '"><img src=x onerror=alert(1)>',
          body: { html: '<p onclick=alert(1)>Said.<script>alert(1)</script>' },
        },
      ],
      body: each.flat().map(({ _key, ...block }) => block),
    };
    const published = await app.ask('/api/stories', { as: 'editor', body: story });
    expect([published.status, published.json.faults]).toEqual([201, undefined]);
    expect(published.json.dropped).toEqual(expect.arrayContaining([{ what: 'HTML <script>', line: 1 }]));

    const served = { json: 'application/json', markdown: 'text/markdown', text: 'text/plain', html: 'text/html' };
    for (const [format, type] of Object.entries(served)) {
      for (const path of [`/api/stories/${name}`, `/api/stories/${name}/versions/1`]) {
        const { status, headers, text } = await app.ask(`${path}?format=${format}`);
        expect([status, headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toContain("default-src 'none'");
        if (format === 'json') expect(JSON.parse(text).headline).toBe(headline);
        if (format === 'html') expectInert(text, format);
        if (format === 'markdown') expectInert(careless.render(text), format);
      }
    }
    const preferred = await app.ask(`/api/stories/${name}`, { headers: { accept: 'text/html, */*;q=0.1' } });
    expect(preferred.text).toMatch(/^<!doctype html>\n<html/);

    for (const path of ['/', `/stories/${name}`, `/stories/${name}/versions`, `/stories/${name}/versions/1`]) {
      const { status, text } = await app.ask(path);
      expect([path, status]).toEqual([path, 200]);
      expect(dangers(text)).toEqual([]);
    }
  });
});

/** Of a page, whose own elements are many: what could run or lead to where something runs. */
function dangers(html: string): string[] {
  const found: string[] = [];
  const open: object[] = [parse(html)];
  for (let node = open.pop(); node; node = open.pop()) {
    if ('childNodes' in node) open.push(...(node.childNodes as object[]));
    if (!('tagName' in node)) continue;
    const { tagName, attrs } = node as { tagName: string; attrs: { name: string; value: string }[] };
    // Data, and the one script of our own.
    const known =
      tagName === 'script' &&
      attrs.some(({ value }) => value === 'application/ld+json' || /^\/assets\/palimpsest\.\w+\.js$/.test(value));
    if (
      !known &&
      /^(script|style|iframe|frame|object|embed|applet|base|svg|math|template|noscript|img|video|audio)$/.test(tagName)
    )
      found.push(tagName);
    for (const { name, value } of attrs) {
      if (/^(on|style$|srcdoc$)/.test(name)) found.push(`${name}="${value}"`);
      if (
        /^(href|src|action|formaction|cite|data|poster)$/.test(name) &&
        !/^(https?|mailto|tel):$/.test(new URL(value, base).protocol)
      )
        found.push(`${name}="${value}"`);
    }
  }
  return found;
}
const base = 'https://harrowbay.example/';

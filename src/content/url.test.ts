/** No address in a story can run a script, whatever tricks it is written with. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comparableUrl, isLinkUrl, isWebUrl, uriOf } from './url.js';

const harmless = [
  'https://harrowbay.example/ferries?x=1&y=a:b#top',
  'HTTP://harrowbay.example',
  'https://[2001:db8::1]:8080/',
  'https://例え.example/道',
  'mailto:desk@harrowbay.example',
  'MailTo:desk@harrowbay.example?subject=a%0Ab',
  'tel:+44-20-7946-0000',
  '/stories/ferry:strike',
  'ferries.html',
  './a:b',
  '../a',
  '?q=a:b',
  '#a:b',
  '//harrowbay.example/x',
];
const hostile = [
  '',
  ' ',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  'java\r\nscript:alert(1)',
  'java\u0000script:alert(1)',
  'javascript\n:alert(1)',
  'javascript\u200b:alert(1)',
  '\ufeffjavascript:alert(1)',
  '\u00a0javascript:alert(1)',
  'javascript&colon;alert(1):x',
  'jav&#x09;ascript:alert(1)',
  'javascript:alert(1)://x:y',
  'javascript&colon;alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml;base64,PHN2Zz4=',
  'blob:https://a.example/1',
  'filesystem:https://a.example/1',
  'file:///etc/passwd',
  'ftp://a.example',
  'view-source:https://a.example',
  'feed:javascript:alert(1)',
  'livescript:x',
  'mailto:',
  'tel:',
  'http:',
  'https:///',
  'https://',
  'http:javascript:alert(1)',
  'https://a b.example',
  'https://a.example/\u202egpj.exe',
  ':x',
];

describe('links', () => {
  test.each(harmless)('%j may be linked', (url) => expect(isLinkUrl(url)).toBe(true));
  test.each(hostile)('%j may not', (url) => expect(isLinkUrl(url)).toBe(false));

  test('what is allowed is what a browser resolves to an allowed scheme', () => {
    const piece = fc.constantFrom(
      'java',
      'script',
      ':',
      '/',
      '\\',
      '\n',
      '\t',
      '\0',
      ' ',
      '#',
      '?',
      '&',
      '%',
      '@',
      'http',
      's',
      'data',
      '\u200b',
      '.',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const url = pieces.join('');
        if (!isLinkUrl(url) || !URL.canParse(url, 'https://base.example/a')) return;
        expect(new URL(url, 'https://base.example/a').protocol).toMatch(/^(https?|mailto|tel):$/);
      }),
      { seed: 20260321, numRuns: 5000 },
    );
  });
});

describe('images and embeds', () => {
  test.each(harmless.slice(0, 4))('%j may be shown', (url) => expect(isWebUrl(url)).toBe(true));
  test.each([...harmless.slice(4), ...hostile])('%j may not', (url) => expect(isWebUrl(url)).toBe(false));
});

describe('an address is the same', () => {
  test.each([
    ['HTTPS://News.Example:443/Ferry?b=1&a=2#top', 'https://news.example/Ferry?b=1&a=2'],
    ['http://news.example:80', 'http://news.example/'],
    ['http://news.example/ferry?', 'http://news.example/ferry'],
    ['https://news.example/ferry;v=1,2?at=11%3a30', 'https://news.example/ferry%3Bv=1%2C2?at=11%3A30'],
    ['https://news.example/fähre', 'https://news.example/f%C3%A4hre'],
  ])('%s', (typed, same) => {
    expect(comparableUrl(typed)).toBe(same);
    expect(comparableUrl(same)).toBe(same);
  });

  test('only where path, query, scheme, host and port are', () => {
    const others = ['http://a.example/b', 'https://a.example/b', 'http://a.example:8080/b', 'http://a.example/B'];
    const more = ['http://a.example/b/', 'http://a.example/b?c', 'http://a.example/b?C', 'http://www.a.example/b'];
    expect(new Set([...others, ...more].map(comparableUrl)).size).toBe(8);
    expect(['mailto:a@b.example', '/ferry', 'news.example/ferry', ''].map(comparableUrl)).toEqual(
      Array(4).fill(undefined),
    );
  });
});

test('what browsers take for an address becomes a URI that leads to the same', () => {
  const typed = 'https://news.example:8080/f\u00e4hre[1]|a%b^c.jpg?x=`#a#b%C3';
  const uri = 'https://news.example:8080/f%C3%A4hre%5B1%5D%7Ca%25b%5Ec.jpg?x=%60#a%23b%C3';
  expect(uriOf(typed)).toBe(uri);
  expect(uriOf(uri)).toBe(uri);
  expect(uriOf('https://b\u00fcro.example')).toBe('https://xn--bro-hoa.example/');
});

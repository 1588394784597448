/** Of HTML the words that a page would show are kept, as blocks; everything else is left out and told. */
import { describe, expect, test } from '@jest/globals';
import { toHtml } from './html-out.js';
import { limits } from './limits.js';
import { parseBody } from './parse-body.js';
import { parseDraftContent, parseStatement } from './parse-fields.js';
import type { Block } from './types.js';

const read = (html: string) => {
  const parsed = parseBody({ html });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};
/** The blocks in the shape of HTML that we write: short to read, and one to one. */
const kept = (html: string) => toHtml({ body: read(html).blocks as Block[] }).replace(/\n/g, '');
const dropped = (html: string) => read(html).dropped.map(({ what, line }) => `${line} ${what}`);
const faults = (html: string) => {
  const parsed = parseBody({ html });
  return parsed.ok ? [] : parsed.faults.map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`);
};

describe('words', () => {
  test.each([
    ['<p>The  ferry\n\twas <b> late </b> today .</p>', '<p>The ferry was <strong>late </strong>today .</p>'],
    ['<p> a <br> b <br></p><p>&nbsp;</p><p></p>', '<p>a<br>b</p>'],
    ['loose <i>words</i><div>a block</div>more', '<p>loose <em>words</em></p><p>a block</p><p>more</p>'],
    ['<p>10&nbsp;000 &lt;b&gt; &amp;amp; &eacute;</p>', '<p>10\u00a0000 &lt;b&gt; &amp;amp; é</p>'],
    ['<b>a<i>b</b>c</i>', '<p><strong>a</strong><strong><em>b</em></strong><em>c</em></p>'],
    ['<u>a</u><ins>b</ins> <s>c</s><del>d</del><strike>e</strike>', '<p><u>ab</u> <s>cde</s></p>'],
    ['<p>He said <q>no</q>.</p>', '<p>He said “no”.</p>'],
    ['<p>a<!-- note -->b</p><!doctype html><?php echo 1 ?>', '<p>ab</p>'],
    ['<details open><summary>More</summary><p>text</p></details>', '<p>More</p><p>text</p>'],
    ['<x-card><p>one</p>two</x-card>', '<p>one</p><p>two</p>'],
  ])('%s', (html, expected) => expect(kept(html)).toBe(expected));

  test('a whole page gives its body, and from the header of its article the headline', () => {
    const page =
      '<!doctype html><html><head><title>Harrow Bay</title><link rel=x></head><body><article><header><h1>Ferry\n late</h1><p class="byline">By Ines Varga</p><p>Updated</p></header><p>Text.</p></article></body></html>';
    expect(parseDraftContent({ body: { html: page } })).toMatchObject({
      value: { fields: { headline: 'Ferry late' }, dropped: [{ what: 'byline in the header', line: 2 }] },
    });
    expect(kept(page)).toBe('<p>Updated</p><p>Text.</p>');
    expect(parseDraftContent({ headline: 'Another', body: { html: page } })).toMatchObject({
      value: { fields: { headline: 'Another' }, dropped: [{}, { what: 'headline of the body, as another was sent' }] },
    });
    expect(parseStatement({ speaker: 'Lena Okafor', body: { html: page } }, '')).toMatchObject({
      value: { dropped: [{}, { what: 'headline of a statement', pointer: '/body' }] },
    });
  });
});

describe('blocks', () => {
  test.each([
    ['<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4><h6>E</h6>', '<h2>A</h2><h2>B</h2><h3>C</h3><h4>D</h4><h4>E</h4>'],
    ['<blockquote><p>a</p><h2>b</h2></blockquote>', '<blockquote><p>a</p><p>b</p></blockquote>'],
    [
      '<pre class="lang-sql">\nSELECT\n  1 &lt; 2;\n</pre>',
      '<pre><code class="language-sql">SELECT  1 &lt; 2;</code></pre>',
    ],
    ['<pre>a<br><b>b</b></pre>', '<pre><code>ab</code></pre>'],
    ['a<hr>b', '<p>a</p><hr><p>b</p>'],
    [
      '<ol start=4><li>a<ul><li>b</ul>c</li>d<li><p>e<p>f</ol>',
      '<ol start="4"><li>a<ul><li>b</li></ul><p>c</p><p>d</p></li><li>e<p>f</p></li></ol>',
    ],
    ['<ul><li>a</li><ul><li>b</li></ul></ul>', '<ul><li>a<ul><li>b</li></ul></li></ul>'],
    ['<ol><li>a</ol><ol><li>b</ol>', '<ol><li>a</li></ol><ol><li>b</li></ol>'],
    ['<li>lone</li>', '<ul><li>lone</li></ul>'],
    ['<ul><li><pre>x</pre></li></ul>', '<ul><li><pre><code>x</code></pre></li></ul>'],
    [
      '<table><caption>Sailings</caption><tr><th>a<th align=RIGHT>b<tr><td>1<td>2<br>3</table>',
      '<p>Sailings</p><table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody><tr><td>1</td><td align="right">2<br>3</td></tr></tbody></table>',
    ],
    [
      '<table><tr><td colspan=2>a<td rowspan=2>b<tr><td>c<td><p>d</p><p>e</p></table>',
      '<table><tbody><tr><td>a</td><td></td><td>b</td></tr><tr><td>c</td><td>d<br>e</td><td></td></tr></tbody></table>',
    ],
    ['<table role=presentation><tr><td>a<td><p>b</table>', '<p>a</p><p>b</p>'],
    ['<table><tr><td><h2>a</h2><p>b</table>', '<h2>a</h2><p>b</p>'],
    [
      '<figure><a href=/x><img src="//a.example/f.jpg" alt="Ferry"></a><figcaption>At <em>dawn</em> <span class="photo-credit">Lena Okafor</span></figcaption></figure>',
      '<figure><img src="https://a.example/f.jpg" alt="Ferry"><figcaption>At dawn<small class="credit">Lena Okafor</small></figcaption></figure>',
    ],
    [
      '<figure><table><tr><td>a<td>b</table><figcaption>c</figcaption></figure>',
      '<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table><p>c</p>',
    ],
    [
      '<p><img src="https://a.example/f.jpg">text</p>',
      '<figure><img src="https://a.example/f.jpg" alt=""></figure><p>text</p>',
    ],
    [
      '<p>a <img src="https://a.example/f.jpg" alt="ship"> b</p>',
      '<p>a <a href="https://a.example/f.jpg">ship</a> b</p>',
    ],
    [
      '<iframe src="//www.youtube-nocookie.com/embed/7"></iframe><iframe src="https://ads.example/"></iframe>',
      '<figure class="embed"><a href="https://www.youtube-nocookie.com/embed/7">https://www.youtube-nocookie.com/embed/7</a><figcaption>YouTube</figcaption></figure>',
    ],
    [
      '<video controls><source src="https://a.example/v.mp4">Sorry</video>',
      '<figure class="embed"><a href="https://a.example/v.mp4">https://a.example/v.mp4</a></figure>',
    ],
  ])('%s', (html, expected) => expect(kept(html)).toBe(expected));
});

describe('word processors', () => {
  test('what Google Docs copies', () => {
    const html = `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1f"><h2 dir="ltr" style="line-height:1.38"><span style="font-size:16pt;font-weight:400;white-space:pre-wrap">Sailings</span></h2><p dir="ltr"><span style="font-weight:700;text-decoration:none">Bold</span><span style="font-weight:400;font-style:italic">, slanted</span><a href="https://a.example/" style="text-decoration:none"><span style="font-weight:400;text-decoration:underline">link</span></a></p><br><ul><li dir="ltr" style="font-weight:400" aria-level="1"><p role="presentation"><span style="font-weight:400;text-decoration:line-through">old</span></p></li></ul></b>`;
    expect(kept(html)).toBe(
      '<h2>Sailings</h2><p><strong>Bold</strong><em>, slanted</em><a href="https://a.example/">link</a></p><ul><li><s>old</s></li></ul>',
    );
    expect(dropped(html)).toEqual([]);
  });

  test('what Word copies', () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {mso-style-parent:""} --></style><!--[if gte mso 9]><xml><w:WordDocument>Print</w:WordDocument></xml><![endif]--></head><body lang=EN-GB><!--StartFragment--><p class=MsoNormal><b><span style='mso-ansi-language:EN-GB'>Crews</span></b> vote<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>First<o:p></o:p></p><p style='mso-list:l1 level2 lfo2'><!--[if !supportLists]--><span style='mso-list:Ignore'>·&nbsp;</span><!--[endif]-->Second</p><!--EndFragment--></body></html>`;
    expect(kept(html)).toBe('<p><strong>Crews</strong> vote</p><ol><li>First<ul><li>Second</li></ul></li></ol>');
    expect(dropped(html)).toEqual(['1 HTML <style>']);
  });
});

describe('the report', () => {
  test('tells each kind once, with the line where it first stands', () => {
    expect(
      dropped(
        '<p onclick=x>a</p>\n<script>1</script>\n<script>2</script>\n<sup>b</sup>\n<p ONCLICK=y onFocus=z><sup>c</sup><svg><text>d</text></svg>\n<div hidden>e</div><p style="Display: none !important">f</p>\n<h5>g</h5>',
      ),
    ).toEqual([
      '1 attribute onclick',
      '2 HTML <script>',
      '4 HTML <sup>; its words are kept',
      '5 attribute onfocus',
      '5 HTML <svg>',
      '6 hidden words',
      '7 heading h5, kept as h4',
    ]);
  });

  test('tells every address that is taken off its words, and those stay', () => {
    const html =
      '<a href="javascript:alert(1)">a</a>\n<a href=" JAVA\nSCRIPT:alert(1)">b</a>\n<img src="data:image/png;base64,AA" alt="c"><a href="/x"></a><a name="here">d</a>';
    expect(kept(html)).toBe('<p>a b cd</p>');
    expect(dropped(html)).toEqual([
      '1 link to “javascript:alert(1)”, which may not be linked; its text is kept',
      '2 link to “JAVASCRIPT:alert(1)”, which may not be linked; its text is kept',
      '4 image at “data:image/png;base64,AA”; its description is kept',
      '4 link without a text',
    ]);
  });

  test('has an end', () => {
    const { dropped } = read('<a href="x:y">a</a>'.repeat(3000));
    expect(dropped).toHaveLength(limits.faults + 1);
    expect(dropped.at(-1)).toEqual({ what: 'more; only the first 1000 are listed' });
  });
});

describe('what is refused', () => {
  const long = 'x'.repeat(limits.url);
  test.each([
    [
      'a character that no text may have',
      'a&#1;b',
      ['/body/html control-character: U+0001 at 2: only tab and line feed may stand in a text.'],
    ],
    [
      'a long address',
      `<p>\n<a href="/${long}">a</a>`,
      ['/body/html too-long: Line 2: an address may have at most 2000 characters.'],
    ],
    [
      'a long caption',
      `<figure><img src="https://a.example/i"><figcaption>${long}x`,
      ['/body/html too-long: Line 1: a caption may have at most 2000 characters.'],
    ],
    ['lists in lists', '<ul><li>'.repeat(21), ['/body/html too-deep: Line 1: lists may be nested 20 levels deep.']],
    [
      'elements in elements',
      '<div>\n'.repeat(300),
      ['/body/html too-deep: Line 199: HTML elements may be nested 200 levels deep.'],
    ],
    [
      'elements without number',
      '<br>'.repeat(100_001),
      ['/body/html too-complex: HTML may have at most 100000 elements.'],
    ],
  ])('%s', (_, html, expected) => expect(faults(html)).toEqual(expected));

  test.each([
    ['div', '<div>'.repeat(100_000)],
    ['blockquote', '<blockquote>'.repeat(87_000)],
    ['li', '<ul><li>'.repeat(100_000)],
    ['b', '<b>'.repeat(100_000)],
    ['span', '<p><span>'.repeat(100_000)],
    ['table', '<table><td>'.repeat(90_000)],
    ['svg', '<svg><g>'.repeat(100_000)],
    ['misnested a', '<a><div>'.repeat(20_000)],
    [
      'unclosed marks that every paragraph opens again',
      `${Array.from({ length: 190 }, (_, i) => `<p><b id=${i}></p>`).join('')}${'<p>x'.repeat(200_000)}`,
    ],
  ])('%s without end is refused and exhausts nothing', (_, html) => {
    const found = parseBody({ html });
    expect(found.ok ? [] : found.faults.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^too-(deep|complex)$/),
    ]);
  });

  test.each([
    ['attributes', `<p ${Array.from({ length: 180_000 }, (_, i) => i.toString(36)).join(' ')}>x`],
    ['text put in front of a table', `<table>${'x<br>'.repeat(90_000)}`],
    ['end tags', '</p>'.repeat(90_000)],
    ['cells that span', `<table>${'<tr><td colspan=1000 rowspan=1000>x'.repeat(20_000)}`],
  ])('%s by the thousand cost no more than their size', (_, html) => {
    const begun = process.cpuUsage();
    parseBody({ html });
    expect(process.cpuUsage(begun).user).toBeLessThan(8_000_000);
  });
});

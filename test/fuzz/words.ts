/** What editors might write: headlines, paragraphs, bodies in every form. Few words, so that phrases are found again. */
import type { Random } from './random.js';

const vocabulary =
  'ferry harbour fire quay island council sailing crew repairs Harrow Bay Eyot Lena Okafor Ines Varga Tom Achterberg storm bridge market hall mayor inquiry safe closed again four 118 naïve Straße 渡船 🚢'.split(
    ' ',
  );

export const word = (r: Random): string => r.pick(vocabulary);
export const words = (r: Random, least: number, most: number): string => r.list(least, most, () => word(r)).join(' ');
export const sentence = (r: Random): string => `${words(r, 2, 9)}.`;

const span = (r: Random, marks: string[] = []) => ({
  _type: 'span',
  text: sentence(r),
  marks: r.chance(0.2) ? [r.pick(['strong', 'em', 'underline', 'strike-through', 'code'])] : marks,
});

const rich = (r: Random) =>
  r.chance(0.15)
    ? {
        children: [span(r), span(r, ['l0'])],
        markDefs: [{ _type: 'link', _key: 'l0', href: address(r) }],
      }
    : { children: r.list(1, 3, () => span(r)), markDefs: [] };

export const address = (r: Random): string => `https://harrow-bay.example/${r.int(1, 999)}`;
export const picture = (r: Random) => ({ url: `${address(r)}.jpg`, alt: words(r, 1, 4), caption: sentence(r) });

/** `key` gives the key of a block that the story has, or none. */
export function block(r: Random, key: () => string | undefined): object {
  const known = r.chance(0.3) ? key() : undefined;
  const _key = known === undefined ? {} : { _key: known };
  switch (r.int(0, 11)) {
    case 0:
      return { _type: 'rule', ..._key };
    case 1:
      return { _type: 'code', code: words(r, 1, 6), language: 'text', ..._key };
    case 2:
      return { _type: 'image', ...picture(r), ..._key };
    case 3:
      return { _type: 'embed', url: address(r), provider: 'Harrow Bay Radio', ..._key };
    case 4:
      return { _type: 'table', header: true, rows: r.list(1, 3, () => ({ cells: [rich(r), rich(r)] })), ..._key };
    case 5:
      return { _type: 'weather', wind: r.int(0, 12), of: word(r), ..._key };
    case 6:
      return { _type: 'block', style: 'normal', listItem: r.pick(['bullet', 'number']), level: 1, ...rich(r), ..._key };
    default:
      return { _type: 'block', style: r.pick(['normal', 'normal', 'h2', 'h3', 'blockquote']), ...rich(r), ..._key };
  }
}

const markdown = (r: Random): string =>
  r
    .list(1, 4, () =>
      r.pick([
        () => sentence(r),
        () => `## ${words(r, 1, 4)}`,
        () => `- ${sentence(r)}\n- **${word(r)}** ${sentence(r)}`,
        () => `> ${sentence(r)}`,
        () => `| ${word(r)} | ${word(r)} |\n| --- | --- |\n| ${word(r)} | 1 |`,
        () => `![${word(r)}](${address(r)}.png) [${word(r)}](${address(r)})`,
        () => '```\nset sail\n```',
      ])(),
    )
    .join('\n\n');

const html = (r: Random): string =>
  r
    .list(1, 4, () =>
      r.pick([
        () => `<p>${sentence(r)}</p>`,
        () => `<h2>${words(r, 1, 4)}</h2>`,
        () => `<ul><li>${sentence(r)}<li><b>${word(r)}</b></ul>`,
        () => `<table><tr><th>${word(r)}<td>${word(r)}</table>`,
        () => `<p onclick="x()">${word(r)}<script>x()</script><a href="javascript:x()">${word(r)}</a>`,
        () => `<div><blockquote>${sentence(r)}`,
      ])(),
    )
    .join('\n');

const forms = { markdown, html, text: sentence };

/** A body in a form that is offered; `offered` holds the names of forms besides Portable Text. */
export function body(r: Random, offered: readonly string[], key: () => string | undefined): unknown {
  const form = r.chance(0.5) ? r.pick(offered) : undefined;
  if (form === undefined || !Object.hasOwn(forms, form)) return r.list(1, r.chance(0.02) ? 60 : 5, () => block(r, key));
  return { [form]: forms[form as keyof typeof forms](r) };
}

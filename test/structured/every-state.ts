/** A newsroom in which every act has been done and every state reached: what the formats for machines are tried on. */
import type { RunningApp } from '../support/start-app.js';

export const publisher = {
  PALIMPSEST_PUBLISHER: 'The Harrow Bay Courier',
  PALIMPSEST_PUBLISHER_LOGO: 'https://courier.example/logo;v=2,a.png?x',
  PALIMPSEST_PUBLISHER_HOME: 'https://courier.example/',
  PALIMPSEST_PUBLISHER_LANGUAGE: 'en-GB',
  PALIMPSEST_PUBLISHER_CORRECTIONS_POLICY: 'https://courier.example/corrections',
  PALIMPSEST_PUBLISHER_CONTACT: 'desk@courier.example',
  // Not the address it listens on, but one at which tokens of the first start are good.
  PALIMPSEST_PUBLIC_URL: 'http://localhost:8080',
};

export interface Clock {
  /** Milliseconds since 1970. */
  now: number;
}
export const newClock = (): Clock => ({ now: Date.parse('2026-05-14T11:00:00.000Z') });
const minute = 60_000;

/** Nothing in it ends a script, a comment, an element or a string. */
export const hostile = '</script><script>alert(1)</script><!-- ]]> & "\' \\ \u2028\u2029 \u202e';

const whole = {
  headline: 'Ferries stopped after fire at Quay 9',
  standfirst: 'All sailings are cancelled.',
  authors: [{ name: 'Ines Varga', role: 'Harbour correspondent' }, { name: 'Tom Achterberg' }],
  section: 'Harbour',
  tags: ['ferries', 'fire'],
  language: 'en-GB',
  leadImage: {
    url: 'https://images.example/hafen-f\u00e4hre[1]|a.jpg?x=^#a#b%',
    alt: 'Smoke over the quay',
    caption: 'The quay at noon',
    credit: 'Lena Okafor',
  },
  source: 'Bay Island Ferries',
  fields: { 'desk-code': 7 },
  body: { markdown: '## What we know\n\nA fire **stopped** all sailings to [Eyot Island](https://eyot.example/).' },
};
const statement = {
  speaker: 'Lena Okafor',
  organisation: 'Bay Island Ferries',
  body: { text: 'Everyone is accounted for.' },
};

/** Stories by name, with how many versions each has. Throws where the service refuses. */
export async function everyState(app: RunningApp, clock: Clock): Promise<Record<string, number>> {
  const versions: Record<string, number> = {};
  // biome-ignore lint/suspicious/noExplicitAny: answers to writes have many shapes.
  async function tell(method: string, path: string, body: object): Promise<any> {
    clock.now += minute;
    const editor = { id: 'ines', name: 'Ines Varga' };
    const headers = { 'if-match': '*' };
    const { status, json } = await app.ask(`/api/stories${path}`, {
      as: 'standards',
      method,
      body: { ...body, editor },
      headers,
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
    return json;
  }
  const version = async (slug: string, body: object) => {
    versions[slug] = (versions[slug] ?? 0) + 1;
    return tell('POST', `/${slug}/versions`, body);
  };
  const publish = async (slug: string, body: object) => {
    versions[slug] = 1;
    return tell('POST', '', { slug, ...body });
  };
  const takeAway = async (slug: string, how: string, phrase: string, more: object = {}) => {
    const { token } = await tell('POST', `/${slug}/${how}`, { phrase });
    await tell('POST', `/${slug}/${how}`, { phrase, token, reason: 'Asked for', ...more });
  };

  await publish('plain', { headline: 'Market hall reopens', body: { text: 'It does.' } });
  await publish('elsewhere', { ...whole, url: 'https://courier.example/ferries?a=1&b=2' });
  await version('elsewhere', { headline: 'Ferries back' });

  await publish('ferries', { ...whole, note: 'First word' });
  await version('ferries', { byline: 'By our staff', statements: [statement], note: 'Adds the company' });
  await version('ferries', {
    standfirst: 'Most sailings are cancelled.',
    correction: { notice: 'Not all sailings were cancelled.', corrects: [1] },
  });
  await version('ferries', { correction: { kind: 'clarification', notice: 'Quay 9 is the new quay.' } });
  await version('ferries', { correction: { kind: 'editors-note', notice: 'We have asked again.' } });
  await version('ferries', { restores: 2 });
  await version('ferries', { significance: 'minor', headline: 'Ferries stopped after fire' });
  await version('ferries', { headline: 'Waiting', inForceFrom: '2031-03-03T06:00:00Z' });

  await publish('inert', {
    ...whole,
    headline: hostile.replaceAll(/[\u2028\u2029]/g, ' '),
    standfirst: hostile,
    byline: hostile,
    tags: [hostile.slice(0, 90)],
    body: { text: hostile },
    statements: [{ ...statement, speaker: hostile.replaceAll(/[\u2028\u2029]/g, ' ') }],
    note: hostile,
  });
  await version('inert', { headline: 'Plain', correction: { notice: hostile } });

  await publish('archive', { ...whole, imported: true, inForceFrom: '1998-02-03T04:05:06Z' });
  await publish('to-come', { ...whole, inForceFrom: '2031-03-03T06:00:00Z' });
  await publish('wordless', { headline: 'Only a headline', body: [] }).catch(() => delete versions.wordless);

  await publish('removed', whole);
  await version('removed', {
    ...whole,
    headline: 'Quarrel at the quay',
    byline: 'By Quarrel',
    statements: [statement],
  });
  await version('removed', { ...whole, headline: 'Settled', standfirst: 'Quarrel settled.', byline: 'By Ines Varga' });
  await takeAway('removed', 'hidings', 'Okafor', { force: true });
  await takeAway('removed', 'erasures', 'Quarrel', { authority: 'court-order', force: true });
  await tell('PATCH', '/removed/versions/1', { hidden: true, reason: 'Asked for' });

  for (const kind of ['retracted', 'killed', 'takedown', 'unpublished']) {
    await publish(kind, whole);
    await version(kind, { headline: 'Ferries back', correction: { notice: 'They were not back.' } });
    await tell('POST', `/${kind}/withdrawals`, { kind, notice: `Notice of ${kind}`, reason: 'Checked' });
  }
  await publish('silent', whole);
  await tell('POST', '/silent/withdrawals', { kind: 'retracted' });
  await publish('back', whole);
  await tell('POST', '/back/withdrawals', { kind: 'unpublished' });
  await version('back', { headline: 'Never shown', supersedes: [] });
  await tell('POST', '/back/reinstatements', {});
  clock.now += minute;
  return versions;
}

/** Every document of this format that a reader or an editor is given, by its address and theirs. */
export async function documents(
  app: RunningApp,
  versions: Record<string, number>,
  format: string,
  // biome-ignore lint/suspicious/noExplicitAny: documents of many shapes.
): Promise<{ from: string; status: number; document: any }[]> {
  const paths = Object.entries(versions).flatMap(([slug, count]) => [
    slug,
    `${slug}?asOf=2026-05-14T11:30:00Z`,
    ...Array.from({ length: count }, (_, index) => `${slug}/versions/${index + 1}`),
  ]);
  const found: { from: string; status: number; document: unknown }[] = [];
  for (const path of paths) {
    for (const as of [undefined, 'editor' as const]) {
      const asked = `/api/stories/${path}${path.includes('?') ? '&' : '?'}format=${format}`;
      const { status, json, headers } = await app.ask(asked, as ? { as } : {});
      if (/problem\+json/.test(headers.get('content-type')!)) continue;
      found.push({ from: `${path} for ${as ?? 'a reader'}`, status, document: json });
    }
  }
  return found as { from: string; status: number; document: never }[];
}

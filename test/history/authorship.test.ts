/** Who wrote each word, as readers and editors are told over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuthoredText, AuthorshipAnswer } from '../../src/history/answers.js';
import { newsroom } from '../editing/newsroom.js';
import { type RunningApp, startApp } from '../support/start-app.js';

const minute = 60_000;
let clock = Date.parse('2026-05-14T11:27:00.000Z');
let app: RunningApp;
let room: ReturnType<typeof newsroom>;
beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  room = newsroom(app);
});
afterAll(() => app.dispose());

const fire = 'A fire at Quay 9 stopped all sailings to Eyot Island.';
const hurt = 'Nobody was hurt and everyone is accounted for.';
const saturday = 'Bay Island Ferries said boats would sail again by Saturday.';
const engines = 'Twelve engines came from as far away as Harrow Bay.';

const text = (...paragraphs: string[]) => ({ body: { text: paragraphs.join('\n\n') } });
async function change(story: string, body: object): Promise<number> {
  clock += minute;
  const answer = await room.change(story, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json.version;
}
async function published(headline: string, body: object): Promise<string> {
  clock += minute;
  return room.published(headline, body);
}
const path = (story: string, query = '') => `/api/stories/${story}/authorship${query}`;
async function authorship(story: string, query = '', as?: 'editor'): Promise<AuthorshipAnswer> {
  const answer = await app.ask(path(story, query), as ? { as } : {});
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json;
}
/** Each run of words behind its versions, as `1 broughtBack 3: the words`. */
const told = ({ text, spans }: AuthoredText) =>
  typeof text === 'string'
    ? spans.map(({ from, to, first, broughtBack, moved }) =>
        [
          first,
          ...(broughtBack === undefined ? [] : ['back in', broughtBack]),
          ...(moved === undefined ? [] : ['moved in', moved]),
          text.slice(from, to),
        ].join(' '),
      )
    : text;
const bodyOf = ({ body }: AuthorshipAnswer) => body.map(told);

describe('the words of a version', () => {
  test('are told with the version that first had them, when and why', async () => {
    const story = await published('Ferries stopped', text(fire, hurt));
    await change(story, { ...text(fire.replace('all sailings', 'most sailings'), hurt), note: 'Not all of them.' });
    await change(story, { headline: 'Most ferries stopped' });
    const answer = await authorship(story);
    expect(bodyOf(answer)).toEqual([
      ['1 A fire at Quay 9 stopped', '2 most', '1 sailings to Eyot Island'],
      ['1 Nobody was hurt and everyone is accounted for'],
    ]);
    expect(told(answer.headline!)).toEqual(['3 Most ferries', '1 stopped']);
    expect(answer.versions).toMatchObject([
      { version: 1, note: null },
      { version: 2, note: 'Not all of them.', inForceFrom: expect.any(String) },
      { version: 3 },
    ]);
    expect(bodyOf(await authorship(story, '?version=1'))).toEqual([
      ['1 A fire at Quay 9 stopped all sailings to Eyot Island'],
      ['1 Nobody was hurt and everyone is accounted for'],
    ]);
    const [first] = answer.versions;
    expect((await authorship(story, `?asOf=${first!.inForceFrom}`)).version).toBe(1);
    const { status, json } = await app.ask(path(story, `?version=1&asOf=${first!.inForceFrom}`));
    expect([status, json.code]).toEqual([400, 'bad-version']);
  });

  test('that left and came back, or stand elsewhere now, say so; sentences that left are listed', async () => {
    const story = await published('Back again', text(fire, hurt, engines));
    await change(story, text(fire, engines));
    await change(story, text(fire, `${hurt} ${saturday}`, engines));
    await change(story, text(engines, fire, `${hurt} ${saturday}`));
    const answer = await authorship(story);
    expect(bodyOf(answer).flat()).toEqual([
      expect.stringMatching(/^1 (moved in 4 )?Twelve engines/),
      expect.stringMatching(/^1 (moved in 4 )?A fire at Quay 9/),
      '1 back in 3 Nobody was hurt and everyone is accounted for',
      '3 Bay Island Ferries said boats would sail again by Saturday',
    ]);
    expect(
      bodyOf(answer)
        .flat()
        .filter((span) => String(span).includes('moved in 4')),
    ).toHaveLength(1);
    expect(answer.removed).toEqual([
      { part: 'body', block: expect.any(String), text: hurt, lastIn: 1, leftIn: 2, returnedIn: 3 },
    ]);
    expect((await authorship(story, '?version=2')).removed).toMatchObject([{ text: hurt, lastIn: 1, leftIn: 2 }]);
    expect((await authorship(story, '?version=2')).removed[0]).not.toHaveProperty('returnedIn');
    expect((await authorship(story, '?version=1')).removed).toEqual([]);
  });

  test('can be asked for by version and, where names are public, by editor', async () => {
    const story = await published('By whom', text(fire, hurt));
    await change(story, text(`${fire} ${engines}`));
    const second = await authorship(story, '?by=2');
    expect(bodyOf(second)).toEqual([[`2 ${engines.slice(0, -1)}`]]);
    expect(second.headline).toBeNull();
    expect(second.removed).toMatchObject([{ text: hurt, leftIn: 2 }]);
    expect((await authorship(story, '?by=1')).removed).toEqual([]);
    expect((await app.ask(path(story, '?by=editor'))).json.code).toBe('editors-not-public');
    const [, { editor }] = (await authorship(story, '', 'editor')).versions as [unknown, { editor: { name: string } }];
    const byName = await authorship(story, `?by=${encodeURIComponent(editor.name)}`, 'editor');
    expect(bodyOf(byName).flat()).toHaveLength(2);
    expect((await authorship(story, '?by=nobody', 'editor')).body).toEqual([]);
  });

  test('read as text beside a margin of versions', async () => {
    const story = await published('In the margin', text(fire, hurt));
    await change(story, { ...text(fire.replace('all sailings', 'most sailings')), note: 'Not all of them.' });
    const { text: answer, headers } = await app.ask(path(story, '?format=text'));
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer).toContain('  1 │ A fire at Quay 9 stopped\n  2 │ most\n  1 │ sailings to Eyot Island.\n');
    expect(answer).toContain('Not all of them.');
    expect(answer).toContain(`last in 1, gone in 2\n${hurt}\n`);
  });

  test('are more than a page of sentences that left: a cursor leads on', async () => {
    const story = await published('Pages', text(fire, hurt, saturday, engines));
    await change(story, text(fire));
    const first = await authorship(story, '?limit=2');
    const { headers } = await app.ask(path(story, '?limit=2'));
    expect(headers.get('link')).toContain('rel="next"');
    const rest = await authorship(story, `?limit=2&cursor=${first.next}`);
    expect([...first.removed, ...rest.removed].map((one) => one.text).sort()).toEqual([saturday, hurt, engines].sort());
    expect(rest.next).toBeNull();
    expect((await app.ask(path(story, '?cursor=x'))).json.code).toBe('bad-cursor');
  });
});

describe('readers', () => {
  test('are told nothing of an embargoed version, nor that it has words first', async () => {
    const story = await published('Embargo', text(fire));
    const before = (await app.ask(path(story))).text;
    const waiting = await change(story, { ...text(fire, hurt), inForceFrom: '2031-03-03T06:00:00Z' });
    expect((await app.ask(path(story))).text).toBe(before);
    const [hidden, none] = await Promise.all(['?version=2', '?version=9'].map((query) => app.ask(path(story, query))));
    expect(hidden!.status).toBe(404);
    expect(hidden!.json.detail.replace('2', '9')).toBe(none!.json.detail);
    await change(story, { ...text(fire, hurt, engines), base: 1, supersedes: [waiting] });
    expect(bodyOf(await authorship(story))[1]).toEqual(['3 Nobody was hurt and everyone is accounted for']);
    expect(bodyOf(await authorship(story, '', 'editor'))).toHaveLength(3);
  });

  test('take words of a hidden version for those of the next that they may read', async () => {
    const story = await published('Hidden', text(fire));
    await change(story, text(fire, hurt));
    await change(story, text(fire, hurt, engines));
    await change(story, text(fire, engines));
    expect((await room.amend(story, 2, { hidden: true, reason: 'x' })).status).toBe(200);
    expect(bodyOf(await authorship(story, '?version=3'))[1]).toEqual([
      '3 Nobody was hurt and everyone is accounted for',
    ]);
    expect(bodyOf(await authorship(story, '?version=3', 'editor'))[1]).toEqual([
      '2 Nobody was hurt and everyone is accounted for',
    ]);
    expect((await app.ask(path(story, '?version=2'))).json.code).toBe('version-hidden');
    expect((await room.amend(story, 3, { hidden: true, reason: 'x' })).status).toBe(200);
    expect((await authorship(story)).removed).toEqual([]);
    expect((await authorship(story, '', 'editor')).removed).toMatchObject([{ text: hurt, lastIn: 3, leftIn: 4 }]);
  });

  test('are told nothing of hidden and erased words; those erased are nobody’s any more', async () => {
    const story = await published('Taken away', text(fire, hurt, saturday));
    await change(story, text(fire, engines));
    const take = async (what: string, phrase: string) => {
      clock += minute;
      const body = { phrase, reason: 'x', ...(what === 'erasures' && { authority: 'court-order' }) };
      const send = (more: object) => room.send('POST', `/api/stories/${story}/${what}`, { ...body, ...more });
      const preview = await send({});
      const done = await send({ token: preview.json.token });
      if (done.status >= 300) throw new Error(done.text);
    };
    const gone = async (as?: 'editor') => (await authorship(story, '', as)).removed.map(({ text }) => text).sort();
    expect(await gone()).toEqual([saturday, hurt].sort());
    await take('hidings', 'accounted for');
    expect(await gone()).toEqual([saturday]);
    expect(await gone('editor')).toEqual([saturday, hurt].sort());
    await take('erasures', 'by Saturday');
    expect([await gone(), await gone('editor')]).toEqual([[], [hurt]]);
    const then = await authorship(story, '?version=1');
    expect(bodyOf(then)).toEqual([
      ['1 A fire at Quay 9 stopped all sailings to Eyot Island'],
      { _absent: 'hidden' },
      { _absent: 'erased' },
    ]);
  });

  test('of a publisher without public history have every word from what is in force', async () => {
    const other = await startApp({
      clock: () => clock,
      data: `${app.data}-none`,
      env: { PALIMPSEST_PUBLIC_HISTORY: 'none' },
    });
    try {
      const there = newsroom(other);
      clock += minute;
      const story = await there.published('Present', text(fire, hurt));
      clock += minute;
      await there.change(story, text(fire.replace('all', 'most')));
      const { json } = await other.ask(path(story));
      expect(json.versions.map(({ version }: { version: number }) => version)).toEqual([2]);
      expect(bodyOf(json)).toEqual([['2 A fire at Quay 9 stopped most sailings to Eyot Island']]);
      expect(json.removed).toEqual([]);
    } finally {
      await other.dispose();
    }
  });
});

describe('a correction that names no versions is of those', () => {
  const corrects = async (story: string) => {
    const { json } = await app.ask(`/api/stories/${story}/versions?limit=1`, { as: 'editor' });
    return json.corrections.at(-1).corrects;
  };

  test('in which the replaced words stood, whatever else of their paragraph was changed meanwhile', async () => {
    const story = await published('Engines', text(fire, engines));
    await change(story, text(fire, engines.replace('as far away as Harrow Bay', 'Harrow Bay and beyond')));
    await change(story, text(fire, 'Ten engines came from Harrow Bay and beyond.'));
    const three = text(fire, 'Ten engines came from Harrow Bay and beyond in the night.');
    await change(story, { ...three, correction: { notice: 'It was at night.' } });
    expect(await corrects(story)).toEqual([3]);
    await change(story, {
      ...text(fire, 'Ten trucks came from Harrow Bay and beyond in the night.'),
      correction: { notice: 'Trucks, not engines.' },
    });
    expect(await corrects(story)).toEqual([1, 2, 3, 4]);
  });

  test('with the headline that it replaces', async () => {
    const story = await published('Ferries stopped after fire at Quay 8', text(fire));
    await change(story, { headline: 'All ferries stopped after fire at Quay 8' });
    await change(story, { headline: 'All ferries stopped after fire at Quay 9', correction: { notice: 'Quay 9.' } });
    expect(await corrects(story)).toEqual([1, 2]);
  });
});

/**
 * The service and a newsroom kept in memory live through the same days: random commands of several editors, restarts,
 * views made anew, words erased; in the evening all stories move to another service. After every step each is asked the same questions, and they agree on every answer.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { exportTo, importFrom, provedIn } from '../transfer/moving.js';
import * as answers from './answers.js';
import * as room from './newsroom.js';

const seeds = (process.env.MODEL_SEEDS ?? '1,2,3').split(',').map(Number);
const steps = Number(process.env.MODEL_STEPS ?? 50);
const second = 1000;

/** Mulberry32: small, and the same everywhere. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number) => Math.floor(next() * n);
  return {
    upTo,
    chance: (share: number) => next() < share,
    one: <T>(values: readonly T[]): T => values[upTo(values.length)]!,
  };
}

type Role = 'editor' | 'standards';
const roles = ['editor', 'standards'] as const;
const forStandards = new Set(['killed', 'takedown']);

/** What came of each kind of change, over all days. */
const outcomes = new Map<string, Set<string>>();

/** One day of a newsroom: its clock, its stories twice over, and what was done, to be read when they disagree. */
class Day {
  clock = Date.parse('2026-05-14T08:00:00.500Z');
  readonly stories: room.Story[] = [];
  readonly done: string[] = [];
  private readonly random: ReturnType<typeof random>;
  private app!: RunningApp;
  private minted = 0;
  /** What standards last saw of a story: its ETag, and the state it stands for. */
  private readonly seen = new Map<string, { etag: string; state: string }>();

  constructor(seed: number) {
    this.random = random(seed);
  }

  async start(data?: string): Promise<void> {
    this.app = await startApp({ clock: () => this.clock, ...(data && { data }) });
  }
  dispose = () => this.app.dispose();

  /** All stories go out into a file and into the store of another service, which goes on from there. */
  async travel(): Promise<void> {
    const there = await mkdtemp(join(tmpdir(), 'palimpsest-model-'));
    const file = join(there, 'stories.jsonl');
    await exportTo(this.app.data, file);
    const { outcomes, damaged } = await importFrom(file, there);
    expect([damaged, outcomes.filter(({ outcome }) => outcome !== 'imported')]).toEqual([undefined, []]);
    expect(await provedIn(there)).toEqual(await provedIn(this.app.data));
    await this.dispose();
    await this.start(there);
  }

  private word = () => `wort${(this.minted++).toString(36)}`;
  private words = (count: number) => Array.from({ length: count }, this.word).join(' ');

  /** A time beside those there are, and beside now. */
  private time(story?: room.Story): number {
    const { one, upTo, chance } = this.random;
    if (story && chance(0.4)) return one(story.versions).time + (upTo(3) - 1) * 7;
    return this.clock + (upTo(9) - 3) * one([100, 1000]) * second + 1;
  }

  private asked(story?: room.Story): room.VersionAsked {
    const { one, chance, upTo } = this.random;
    const base = story && (one(story.versions) as room.Version);
    const numbers = () => [1 + upTo((story?.versions.length ?? 0) + 2)];
    const sentBody = () => {
      const kept = (base?.body ?? []).filter(({ text }) => !text.erased && chance(0.7)).map(({ text }) => text.words);
      if (chance(0.3)) kept.reverse();
      return chance(0.7) ? [...kept, this.words(5)] : kept;
    };
    return {
      ...(chance(0.5) && { headline: story && chance(0.2) ? base!.headline.words : this.words(3) }),
      ...(chance(0.2) && { standfirst: chance(0.3) && story ? null : this.words(4) }),
      ...(chance(0.5) && { body: sentBody() }),
      ...(chance(0.2) && { statement: { speaker: this.words(2), words: this.words(5) } }),
      ...(chance(0.25) && { inForceFrom: this.time(story) }),
      ...(chance(0.2) && { note: this.words(3) }),
      ...(chance(0.15) && { imported: true as const }),
      ...(story && {
        ...(chance(0.2) && { significance: one(['minor', 'major']) }),
        ...(chance(0.2) && {
          correction: {
            notice: this.words(3),
            ...(chance(0.5) && { kind: one(['clarification', 'editors-note', 'correction']) }),
            ...(chance(0.4) && { corrects: numbers() }),
          },
        }),
        ...(chance(0.2) && { base: numbers()[0]! }),
        ...(chance(0.12) && { restores: numbers()[0]! }),
      }),
    };
  }

  /** What is done next, to the service and to the newsroom alike. */
  async step(): Promise<void> {
    const { chance, one } = this.random;
    this.clock += one([1, 10, 60, 150]) * second;
    if (this.stories.length < 2 || (this.stories.length < 4 && chance(0.1))) return this.publish();
    if (chance(0.04)) return this.restart(chance(0.5));
    const all: [(index: number) => Promise<void>, (story: room.Story) => boolean][] = [
      ...Array.from({ length: 6 }, () => [this.newVersion, () => true] as [typeof this.newVersion, () => true]),
      [this.cancel, ({ versions }) => versions.some(({ cancelled, time }) => !cancelled && time > this.clock)],
      [this.cancel, () => true],
      [this.withdraw, () => true],
      [this.reinstate, (story) => room.presentWithdrawal(story) !== undefined],
      [this.amendNotice, ({ corrections }) => corrections.length > 0],
      [this.amendNotice, ({ withdrawals }) => withdrawals.length > 0],
      [this.amendVersion, () => true],
      [this.amendVersion, () => true],
      [this.changeSlug, () => true],
      [this.takeAway, () => true],
      [this.takeAway, () => true],
      [this.show, ({ texts }) => texts.some(({ hiding }) => hiding !== null)],
    ];
    // Each kind where there is something for it to do.
    const possible = all.filter(([, isFit]) => this.stories.some(isFit));
    const [does, isFit] = one(possible);
    await does(one(this.stories.flatMap((story, index) => (isFit(story) ? [index] : []))));
  }

  private async restart(rebuild: boolean): Promise<void> {
    const { data } = this.app;
    await this.app.stop();
    if (rebuild) {
      for (const file of await readdir(data)) if (file.startsWith('views-')) await rm(join(data, file));
    }
    await this.start(data);
    while ((await this.app.ask('/health/ready')).status !== 200);
    this.done.push(rebuild ? 'restarted on no views' : 'restarted');
  }

  private async publish(): Promise<void> {
    const { one, chance } = this.random;
    const slug = `story-${this.stories.length}`;
    const asked = { ...this.asked(), headline: this.words(3) };
    const as = one(roles);
    const taken = this.stories.some((story) => [story.slug, ...story.oldSlugs].includes(slug));
    const { story, result } = room.publish('', slug, asked, this.clock);
    const refused = taken ? 'slug-taken' : undefined;
    const allowed = as === 'standards' || !asked.imported;
    const expected = !allowed ? { code: 'forbidden' } : refused ? { code: refused } : result;
    const answer = await this.send(as, 'POST', '/api/stories', { ...sent(asked), slug }, expected, chance(0.5));
    if ('changed' in expected) this.stories.push(Object.assign(story, { id: answer.story.id }));
  }

  private newVersion = async (index: number): Promise<void> => {
    const asked = this.asked(this.stories[index]);
    const as = this.random.one(roles);
    const allowed = as === 'standards' || !asked.imported;
    const carry = (asked: room.VersionAsked) =>
      this.change(index, as, allowed, 'POST', 'versions', sent(asked), (story) =>
        room.newVersion(story, asked, this.clock),
      );
    const result = await carry(asked);
    // Told what it would cancel, half of the editors agree.
    if ('code' in result && result.code === 'would-supersede' && this.random.chance(0.5)) {
      this.clock += second;
      await carry({ ...asked, supersedes: result.versions! });
    }
  };

  private cancel = async (index: number): Promise<void> => {
    const { versions } = this.stories[index]!;
    const waiting = versions.find(({ cancelled, time }) => !cancelled && time > this.clock);
    const version = waiting && this.random.chance(0.7) ? waiting.number : 1 + this.random.upTo(versions.length + 1);
    const path = `versions/${version}`;
    await this.change(index, this.random.one(roles), true, 'DELETE', path, undefined, (story) =>
      room.cancel(story, version, this.clock),
    );
  };

  private withdraw = async (index: number): Promise<void> => {
    const { one, chance } = this.random;
    const kind = one(['unpublished', 'retracted', 'killed', 'takedown']);
    const as = one(roles);
    const present = room.presentWithdrawal(this.stories[index]!)?.kind;
    const allowed = as === 'standards' || !(forStandards.has(kind) || forStandards.has(present ?? ''));
    const notice = chance(0.5) ? this.words(3) : undefined;
    await this.change(index, as, allowed, 'POST', 'withdrawals', { kind, notice }, (story) =>
      room.withdraw(story, '', kind, notice, this.clock),
    );
  };

  private reinstate = async (index: number): Promise<void> => {
    const as = this.random.one(roles);
    const present = room.presentWithdrawal(this.stories[index]!)?.kind ?? '';
    const allowed = as === 'standards' || !forStandards.has(present);
    await this.change(index, as, allowed, 'POST', 'reinstatements', {}, (story) => room.reinstate(story, this.clock));
  };

  private amendNotice = async (index: number): Promise<void> => {
    const { one, chance } = this.random;
    const { corrections, withdrawals } = this.stories[index]!;
    const found = one(corrections.length > 0 && chance(0.6) ? corrections : [...withdrawals, ...corrections]);
    if (!found) return;
    const as = one(roles);
    const isWithdrawal = !('version' in found);
    const allowed = as === 'standards' || !(isWithdrawal && forStandards.has(found.kind));
    const notice = chance(0.3) ? null : this.words(3);
    const path = `${isWithdrawal ? 'withdrawals' : 'corrections'}/${found.id}`;
    await this.change(index, as, allowed, 'PATCH', path, { notice }, (story) => {
      const of = [...story.corrections, ...story.withdrawals].find(({ id }) => id === found.id)!;
      return room.amendNotice(story, of, notice, this.clock);
    });
  };

  private amendVersion = async (index: number): Promise<void> => {
    const { one, chance, upTo } = this.random;
    const story = this.stories[index]!;
    const number = 1 + upTo(story.versions.length + 1);
    const asked: room.VersionAmended = {
      ...(chance(0.3) && { note: chance(0.3) ? null : this.words(3) }),
      ...(chance(0.3) && { inForceFrom: this.time(story) }),
      ...(chance(0.3) && { significance: one(['minor', 'major']) }),
      ...(chance(0.2) && { labels: one([[], ['checked'], ['checked', 'desk']]) }),
      ...(chance(0.4) && { hidden: chance(0.7) }),
      ...(chance(0.2) && { force: true as const }),
    };
    if (Object.keys(asked).every((member) => member === 'force')) asked.significance = 'minor';
    const as = one(roles);
    const needs = asked.inForceFrom !== undefined || asked.hidden !== undefined || asked.force === true;
    const body = { ...asked, ...(asked.inForceFrom !== undefined && { inForceFrom: answers.iso(asked.inForceFrom) }) };
    await this.change(index, as, as === 'standards' || !needs, 'PATCH', `versions/${number}`, body, (story) =>
      room.amendVersion(story, number, asked, this.clock),
    );
  };

  private changeSlug = async (index: number): Promise<void> => {
    const { one } = this.random;
    const own = this.stories[index]!;
    const slug = one([`slug-${this.minted}`, own.slug, one(this.stories).slug, ...own.oldSlugs]);
    const takenBy = this.stories.find((story) => [story.slug, ...story.oldSlugs].includes(slug));
    await this.change(index, one(roles), true, 'PUT', 'slug', { slug }, (story) => {
      if (takenBy && takenBy !== own) return { code: 'slug-taken' };
      if (slug === story.slug) return { changed: false, version: null };
      return room.rename(story, slug, this.clock);
    });
  };

  private takeAway = async (index: number): Promise<void> => {
    const { one, chance } = this.random;
    const story = this.stories[index]!;
    const texts = story.texts.filter(({ erased }) => !erased);
    if (texts.length === 0) return;
    const word = one(one(texts).words.split(' '));
    const as = 'standards';
    const erase = chance(0.5);
    const path = erase ? 'erasures' : 'hidings';
    const asked: room.TakingAway = {
      erase,
      word,
      ...(chance(0.3) && { force: true as const }),
      ...(chance(0.4) && {
        replacement: { headline: this.words(3), body: [this.words(5)], ...(chance(0.5) && { standfirst: null }) },
      }),
    };
    const preview = await this.app.ask(`/api/stories/${story.slug}/${path}`, { as, body: { phrase: word } });
    expect([preview.status, preview.json.texts?.length]).toEqual([200, room.holding(story, word).length]);
    const body = {
      phrase: word,
      token: preview.json.token,
      ...(erase && { authority: 'court-order' }),
      ...(asked.force && { force: true }),
      ...(asked.replacement && { replacement: sent(asked.replacement) }),
    };
    await this.change(index, as, true, 'POST', path, body, (story, answer) =>
      room.takeAway(story, asked, answer?.hiding ?? -1, this.clock),
    );
  };

  private show = async (index: number): Promise<void> => {
    const hidings = this.stories[index]!.texts.flatMap(({ hiding }) => (hiding === null ? [] : [hiding]));
    const hiding = this.random.one([...hidings, ...hidings, 0]);
    await this.change(index, 'standards', true, 'DELETE', `hidings/${hiding}`, undefined, (story) =>
      room.show(story, hiding, this.clock),
    );
  };

  /** Sends a change of a story, having worked out what should come of it. */
  private async change(
    index: number,
    as: Role,
    allowed: boolean,
    method: string,
    path: string,
    body: unknown,
    carryOut: (story: room.Story, answer?: { hiding?: number }) => room.Result,
  ): Promise<room.Result> {
    const before = this.stories[index]!;
    const seen = as === 'standards' && this.random.chance(0.2) ? this.seen.get(before.id) : undefined;
    const stale = seen && seen.state !== this.stateOf(before);
    const expected: room.Result = stale
      ? { code: 'story-changed' }
      : allowed
        ? carryOut(structuredClone(before))
        : { code: 'forbidden' };
    const address = `/api/stories/${this.random.chance(0.5) ? before.slug : before.id}/${path}`;
    const answer = await this.send(as, method, address, body, expected, this.random.chance(0.2), seen?.etag);
    if ('changed' in expected && expected.changed) {
      const story = structuredClone(before);
      carryOut(story, answer);
      for (const one of [...story.corrections, ...story.withdrawals]) {
        if (one.id === '') one.id = 'version' in one ? answer.correction : answer.withdrawal;
      }
      for (const belief of story.beliefs) {
        for (const closing of belief.closings) if (closing.withdrawal === '') closing.withdrawal = answer.withdrawal;
      }
      for (const closing of story.closings) if (closing.withdrawal === '') closing.withdrawal = answer.withdrawal;
      this.stories[index] = story;
    }
    const what = `${method} ${path.replace(/[/][^/]+$/, '/…')}`;
    const outcome = 'code' in expected ? expected.code : expected.changed ? 'done' : 'nothing to do';
    outcomes.set(what, (outcomes.get(what) ?? new Set()).add(outcome));
    if (this.random.chance(0.3)) {
      const { headers } = await this.app.ask(`/api/stories/${before.id}/versions`, { as: 'standards' });
      this.seen.set(before.id, { etag: headers.get('etag')!, state: this.stateOf(this.stories[index]!) });
    }
    return expected;
  }

  /** What an ETag for writers stands for: all that was recorded, and what is in force. */
  private stateOf(story: room.Story): string {
    const here = room.presently(story, this.clock);
    return `${story.changes}.${here?.withdrawal === null ? here.version : 0}`;
  }

  /** `twice`: the same request again under its key does nothing more. */
  private async send(
    as: Role,
    method: string,
    path: string,
    body: unknown,
    expected: room.Result,
    twice: boolean,
    etag = '*',
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
  ): Promise<any> {
    this.done.push(`${answers.iso(this.clock)} ${as} ${method} ${path} ${JSON.stringify(body) ?? ''}`);
    const headers = { 'if-match': etag, ...(twice && { 'idempotency-key': `key ${this.done.length}` }) };
    const ask = () => this.app.ask(path, { as, method, headers, ...(body !== undefined && { body }) });
    const { json, status } = await ask();
    const told = status < 300 ? { changed: json.changed, version: json.version } : { code: json.code };
    const { versions: _, ...wanted } = expected as { versions?: number[] };
    expect({ done: this.done.at(-1), ...told }).toEqual({ done: this.done.at(-1), ...wanted });
    if (twice && 'changed' in expected && expected.changed) {
      const again = await ask();
      expect([again.status, again.json.version, again.json.story.revision]).toEqual([
        200,
        json.version,
        json.story.revision,
      ]);
    }
    return json;
  }

  /** Both are asked the same, as a reader and as an editor. */
  async questions(): Promise<void> {
    const { one, upTo } = this.random;
    const now = this.clock;
    for (const story of this.stories) {
      const moments = [undefined, this.time(story), one(story.versions).time, one(story.versions).time - 1];
      for (const viewer of ['reader', 'editor'] as const) {
        for (const at of moments) {
          const query = at === undefined ? '' : `?asOf=${answers.iso(at)}`;
          await this.agree(viewer, 'asOf', `${story.slug}${query}`, answers.asOf(story, viewer, now, at));
        }
        const known = one(story.versions).recordedAt + upTo(3) * 40 * second;
        const at = this.time(story);
        const query = `${story.id}?asOf=${answers.iso(at)}&knownAt=${answers.iso(known)}`;
        await this.agree(viewer, 'asOf', query, answers.asOf(story, viewer, now, at, known));
        await this.agree(viewer, 'versions', `${story.slug}/versions?limit=200`, answers.versions(story, viewer, now));
        for (const number of [1 + upTo(story.versions.length + 1), story.versions.length]) {
          const address = `${story.slug}/versions/${number}`;
          await this.agree(viewer, 'version', address, answers.version(story, number, viewer, now));
        }
        const [a, b] = [1 + upTo(story.versions.length + 1), 1 + upTo(story.versions.length)];
        await this.agree(
          viewer,
          'compare',
          `${story.slug}/compare/${a}...${b}`,
          answers.compare(story, a, b, viewer, now),
        );
      }
    }
    const [at, texts] = [this.time(), this.stories.flatMap(({ texts }) => texts)];
    const word = texts.length > 0 ? one(one(texts).words.split(' ')) : 'nothing';
    for (const viewer of ['reader', 'editor'] as const) {
      await this.agree(viewer, 'stories', '', answers.stories(this.stories, viewer, now));
      const list = answers.stories(this.stories, viewer, now, at);
      await this.agree(viewer, 'stories', `?asOf=${answers.iso(at)}`, list);
      await this.agree(viewer, 'stories', `?q=${word}`, answers.stories(this.stories, viewer, now, undefined, word));
    }
  }

  private async agree(viewer: answers.Viewer, kind: keyof typeof answers.read, path: string, expected: answers.Told) {
    const address = `/api/stories${path && !path.startsWith('?') ? '/' : ''}${path}`;
    const { json, status } = await this.app.ask(address, viewer === 'editor' ? { as: 'editor' } : {});
    const told = status === 200 ? answers.read[kind](json, viewer) : { code: json?.code ?? status };
    expect({ viewer, address, told }).toEqual({ viewer, address, told: expected });
  }
}

/** As the API wants it. */
function sent({ statement, inForceFrom, body, ...asked }: room.VersionAsked): Record<string, unknown> {
  return {
    ...asked,
    ...(body && { body: body.map(paragraph) }),
    ...(inForceFrom !== undefined && { inForceFrom: answers.iso(inForceFrom) }),
    ...(statement && { statements: [{ speaker: statement.speaker, body: [paragraph(statement.words)] }] }),
  };
}
const paragraph = (text: string) => ({
  _type: 'block',
  style: 'normal',
  markDefs: [],
  children: [{ _type: 'span', text, marks: [] }],
});

let day: Day | undefined;

afterAll(() => day?.dispose());

test.each(seeds)(
  'the service and the newsroom in memory agree on every question, through a day of seed %i',
  async (seed) => {
    day = new Day(seed);
    await day.start();
    try {
      for (let i = 0; i < steps; i++) {
        await day.step();
        await day.questions();
      }
      await day.travel();
      await day.questions();
    } catch (error) {
      throw new Error(`seed ${seed} (MODEL_SEEDS), after:\n${day.done.slice(-12).join('\n')}`, { cause: error });
    } finally {
      await day.dispose();
      day = undefined;
    }
  },
  300_000,
);

test('in these days every kind of change was made', () => {
  const made = [...outcomes].filter(([, came]) => came.has('done')).map(([what]) => what);
  expect(made.sort()).toEqual([
    'DELETE hidings/…',
    'DELETE versions/…',
    'PATCH corrections/…',
    'PATCH versions/…',
    'PATCH withdrawals/…',
    'POST erasures',
    'POST hidings',
    'POST reinstatements',
    'POST versions',
    'POST withdrawals',
    'PUT slug',
  ]);
});

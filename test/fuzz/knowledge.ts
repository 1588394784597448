/** What the answers so far have told: stories and where they stand, ids, cursors, tokens of previews, positions. */
import type { Random } from './random.js';

export interface KnownStory {
  id: string;
  slug: string | null;
  /** The writers' tag last told. */
  etag?: string;
  /** The greatest number of a version told. */
  versions: number;
  /** What the last refusal said would be superseded. */
  supersedes?: number[];
  /** Values of members by name, in which the ids of `corrections` are `correction`. */
  told: Told;
}

/** The last few values told under each name. */
type Told = Map<string, unknown[]>;

const mostStories = 60;
const mostValues = 24;
/** Values that are told whole, for they are sent back whole. */
const kept = new Set(['reference']);
/** Answers are looked through no further than this many values. */
const mostLooked = 600;

export interface Knowledge {
  stories: KnownStory[];
  /** Of no story in particular, by name; cursors by `cursor of <label>`. */
  told: Told;
  story(r: Random): KnownStory | undefined;
  learn(label: string, story: KnownStory | undefined, headers: Headers, body: unknown): void;
}

type Headers = Record<string, string | string[] | undefined>;

export function emptyKnowledge(): Knowledge {
  const stories: KnownStory[] = [];
  const byId = new Map<string, KnownStory>();
  const told: Told = new Map();

  function known(id: string, slug: string | null | undefined): KnownStory {
    let story = byId.get(id);
    if (!story) {
      story = { id, slug: slug ?? null, versions: 0, told: new Map() };
      byId.set(id, story);
      stories.push(story);
      if (stories.length > mostStories) byId.delete(stories.splice(0, 1)[0]!.id);
    }
    if (slug !== undefined) story.slug = slug;
    return story;
  }

  return {
    stories,
    told,
    story: (r) => (stories.length ? r.pick(stories) : undefined),
    learn(label, asked, headers, body) {
      let story = asked;
      const said = body as { story?: { id?: unknown; slug?: string }; code?: unknown; versions?: unknown };
      if (typeof said?.story?.id === 'string') story = known(said.story.id, said.story.slug);
      const etag = headers.etag;
      if (story && typeof etag === 'string' && /^"\d+\.\d+"$/.test(etag)) story.etag = etag;
      if (typeof headers['palimpsest-position'] === 'string') tell(told, 'position', headers['palimpsest-position']);
      if (story && said?.code === 'would-supersede') story.supersedes = said.versions as number[];
      let left = mostLooked;
      look(body, 'answer');

      function look(value: unknown, name: string): void {
        if (left-- <= 0 || value === null || value === undefined) return;
        if (kept.has(name) && typeof value === 'object') tell(story?.told ?? told, name, value);
        else if (Array.isArray(value)) {
          for (const item of value) look(item, name.replace(/s$/, ''));
        } else if (typeof value === 'object') {
          for (const [member, of] of Object.entries(value)) {
            if (member === 'id' && name !== 'story') look(of, name);
            else look(of, member);
          }
        } else if (name === 'next' && typeof value === 'string') {
          tell(told, `cursor of ${label}`, value);
        } else {
          if (name === 'version' && story && Number.isInteger(value)) {
            story.versions = Math.max(story.versions, value as number);
          }
          tell(story?.told ?? told, name, value);
        }
      }
    },
  };
}

function tell(told: Told, name: string, value: unknown): void {
  const values = told.get(name) ?? [];
  if (!told.has(name)) told.set(name, values);
  if (values.includes(value)) return;
  values.push(value);
  if (values.length > mostValues) values.shift();
}

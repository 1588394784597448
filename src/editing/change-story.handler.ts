/**
 * The write path, once for all verbs: read the story from where it is known, decide, append at the expected revision,
 * wait a little for the views. A repeated key is known before If-Match is looked at: its first answer has moved the tag.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v4 as uuidv4, v5 as uuidv5 } from 'uuid';
import { numbered, slugify } from '../content/slug.js';
import type { Fields } from '../content/types.js';
import { canonical } from '../event-store/canonical.js';
import type { Log } from '../event-store/log.js';
import { WrongExpectedRevision } from '../event-store/port.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import type { Command } from '../story/commands.js';
import { decide } from '../story/decide.js';
import type { StoryEvent } from '../story/events.js';
import { versionOf } from '../story/evolve.js';
import { fromMs, type Instant } from '../story/instant.js';
import { baseOf, nowFor, recordingTime, versionInForce } from '../story/questions.js';
import { explain } from '../story/refusals.js';
import { VIEWS, type Views } from '../views/views.js';
import { type EntityTag, ifMatch, parseEntityTags, readWritersEtag, writersEtag } from '../web/etag.js';
import type { Refusal } from '../web/problem.js';
import { CLOCK } from '../web/tokens.js';
import { type Change, type Changed, ChangeStory, type Outcome, type PublishAsked } from './change-story.js';
import { type Carried, type KnownStory, Stories } from './stories.js';

/** How long an answer waits for the views, and a command for what they lack, in milliseconds. */
const patience = 2_000;
/** How often a command that does not care what it overwrites tries again when others are faster. */
const attempts = 10;

@CommandHandler(ChangeStory)
export class ChangeStoryHandler implements ICommandHandler<ChangeStory, Outcome> {
  private readonly stories: Stories;
  /** Slugs of publishes under way and their stories, so that two at once don't take the same. */
  private readonly claimed = new Map<string, string>();

  constructor(
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(CLOCK) private readonly clock: () => number,
  ) {
    this.stories = new Stories(log);
  }

  async execute({ change }: ChangeStory): Promise<Outcome> {
    const key = change.idempotencyKey;
    if (key !== undefined && !/^[\x20-\x7e]{1,255}$/.test(key)) {
      return refuse('bad-idempotency-key', 'Idempotency-Key has 1 to 255 visible ASCII characters or spaces.');
    }
    const commandId = key === undefined ? uuidv4() : uuidv5(key, change.actor);
    const id = this.storyId(change, commandId);
    if (id === undefined) return refuseStory();
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const outcome = await this.attempt(id, commandId, change);
      if (outcome !== 'overtaken') return outcome;
    }
    return refuse(
      'busy-story',
      `The story changed ${attempts} times while this was being decided.`,
      {},
      { 'retry-after': '1' },
    );
  }

  private storyId({ asked, story }: Change, commandId: string): string | undefined {
    if (asked.type === 'publish') return uuidv5('story', commandId);
    return this.views.storyNamed(story!);
  }

  private async attempt(id: string, commandId: string, change: Change): Promise<Outcome | 'overtaken'> {
    const known = await this.stories.read(id);
    const { story } = known;
    const carried = known.commands.get(commandId);
    if (carried) return this.repetition(id, known, carried, change);
    if (change.asked.type === 'publish') return this.publish(id, known, commandId, change, change.asked);
    if (story.revision < 0) return refuseStory();

    if (change.asked.type === 'new-version' && !(await this.views.waitFor(known.position, patience))) {
      return refuse(
        'views-behind',
        'The last changes of the story are still on their way.',
        {},
        { 'retry-after': '2' },
      );
    }
    // One reading for all: else an embargo could end between the check and the recording. Nothing waits behind it.
    const now = this.now();
    const unseen = this.precondition(known, change.ifMatch, now);
    if (unseen) return unseen;
    return this.carryOut(id, known, commandId, change, change.asked, now);
  }

  private async publish(id: string, known: KnownStory, commandId: string, change: Change, asked: PublishAsked) {
    const { slug, content, ...rest } = asked;
    const fields = content.fields as Fields;
    const wanted = slug ?? slugify(fields.headline);
    const isOurs = (owner: string | undefined) => owner === undefined || owner === id;
    const isFree = (candidate: string) =>
      isOurs(this.claimed.get(candidate)) && isOurs(this.views.slugOwner(candidate));
    if (slug !== undefined && !isFree(slug)) {
      return refuse('slug-taken', `The slug "${slug}" belongs to another story.`, { slug });
    }
    const chosen = numbered(wanted).find(isFree)!;
    this.claimed.set(chosen, id);
    try {
      const command = { ...rest, slug: chosen, fields, body: content.body ?? [] };
      return await this.carryOut(id, known, commandId, change, command, this.now());
    } finally {
      this.claimed.delete(chosen);
    }
  }

  private async carryOut(
    id: string,
    known: KnownStory,
    commandId: string,
    change: Change,
    command: Command,
    now: Instant,
  ): Promise<Outcome | 'overtaken'> {
    const { story } = known;
    const recordedAt = recordingTime(story, now);
    const base = command.type === 'new-version' ? baseOf(story, command.base, recordedAt) : undefined;
    const decision = decide(story, command, {
      recordedAt,
      mint,
      ...(base && { base: this.views.contentOfManifest(id, base.manifest) }),
    });
    if (!decision.ok) {
      const { code, ...members } = decision.refusal;
      return { ok: false, refusal: { code, detail: explain(decision.refusal), ...members } };
    }
    if (decision.events.length === 0) return this.changed(id, known, decision.version, { changed: false });
    try {
      const events = decision.events.map((event, index) => signed(event, change, index === 0));
      const appended = await this.log.append({
        story: id,
        expected: known.head,
        commandId,
        actor: change.actor,
        recordedAt,
        events,
      });
      // The same key at the same time: what is stored may be another's.
      const { request, slug } = appended[0]!.texts as { request?: unknown; slug?: string };
      if (isAnother(request, change)) return refuseReused();
      return await this.changed(id, this.stories.appended(id, known, appended), decision.version, { slug });
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return 'overtaken';
      throw error;
    }
  }

  /** The same key again: what it did the first time, if it is the same request. */
  private async repetition(
    id: string,
    known: KnownStory,
    { first, version }: Carried,
    change: Change,
  ): Promise<Outcome> {
    for await (const event of this.log.readStory(id, first)) {
      if (isAnother(event.texts.request, change)) return refuseReused();
      return this.changed(id, known, version, { repeated: true });
    }
    throw new Error(`revision ${first} of story ${id} is known and can't be read`);
  }

  private precondition(known: KnownStory, header: string | undefined, now: Instant): Outcome | undefined {
    const { story } = known;
    const inForce = versionInForce(story, nowFor(story.recordedAt, now));
    const etag = writersEtag(story.revision, inForce);
    if (header === undefined) {
      return refuse(
        'precondition-required',
        `Send If-Match: ${etag}, the story's present ETag, if that is what you have seen.`,
      );
    }
    if (ifMatch(header, etag)) return undefined;
    // Not `*`, which has matched.
    const [tag] = parseEntityTags(header) as [EntityTag];
    const seen = readWritersEtag(tag)?.revision ?? story.revision;
    return refuse(
      'story-changed',
      `The story is at revision ${story.revision} with ${inForce ? `version ${inForce}` : 'nothing'} in force.`,
      { revision: story.revision, versionInForce: inForce, since: known.events.slice(seen + 1).slice(-50) },
      { etag },
    );
  }

  private async changed(
    id: string,
    known: KnownStory,
    version: number,
    { slug, ...more }: { slug?: string | undefined; changed?: boolean; repeated?: boolean },
  ): Promise<Changed> {
    const { story, position } = known;
    const visible = await this.views.waitFor(position, patience);
    const shown = this.views.story(id);
    const { acts, inForceFrom, recordedAt } = versionOf(story, version)!;
    return {
      ok: true,
      story: id,
      version,
      acts,
      inForceFrom,
      recordedAt,
      revision: story.revision,
      versionInForce: versionInForce(story, nowFor(story.recordedAt, this.now())),
      position,
      changed: true,
      repeated: false,
      ...more,
      slug: shown ? shown.slug : (slug ?? null),
      visible,
    };
  }

  private now = (): Instant => fromMs(this.clock())!;
}

/** Random, unlike any other of the story: 8 letters and digits of 41 bits. */
const mint = (): string => (randomBytes(6).readUIntBE(0, 6) % 36 ** 8).toString(36).padStart(8, '0');

/** Who did it goes with every event, what was asked with the first: both are texts. */
const signed = (event: StoryEvent, change: Change, first: boolean): StoryEvent =>
  ({
    ...event,
    texts: {
      ...event.texts,
      editor: change.editor,
      ...(first && change.idempotencyKey !== undefined && { request: fingerprint(change) }),
    },
  }) as StoryEvent;

const fingerprint = ({ asked, story, request }: Change): string =>
  createHash('sha256')
    .update(canonical({ type: asked.type, story: story ?? null, request }))
    .digest('base64url');

const refuse = (
  code: string,
  detail: string,
  members: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Outcome & { ok: false } => ({ ok: false, refusal: { code, detail, ...members } as Refusal, headers });

/** An erased request can't be told from any other. */
const isAnother = (request: unknown, change: Change): boolean =>
  typeof request === 'string' && request !== fingerprint(change);

const refuseReused = () => refuse('idempotency-key-reused', 'This key was used for another request.');

const refuseStory = () => refuse('story-not-found', 'There is no such story.');

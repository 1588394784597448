/**
 * The write path, once for all verbs: read the story from where it is known, decide, append at the expected revision,
 * wait a little for the views. A repeated key is known before If-Match is looked at: its first answer has moved the tag.
 * What a change would do is told by the same path, which then ends before the recording.
 */
import { randomBytes } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { v4 as uuidv4, v5 as uuidv5 } from 'uuid';
import type { Continuations } from '../compare/align.js';
import type { Block, Fields } from '../content/types.js';
import { ERASER, type Eraser } from '../event-store/eraser.js';
import type { Log } from '../event-store/log.js';
import { StoreRefused, WrongExpectedRevision } from '../event-store/port.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import { type Circumstances, type Command, newVersionOf } from '../story/commands.js';
import { type FindText, referencesOf } from '../story/content-of.js';
import { decide } from '../story/decide.js';
import { type Story, type Version, versionOf } from '../story/evolve.js';
import { foresee } from '../story/foresee.js';
import { fromMs, type Instant } from '../story/instant.js';
import { baseFor, isBehind, nowFor, recordingTime, versionInForce } from '../story/questions.js';
import { explain } from '../story/refusals.js';
import { TELEMETRY, type Telemetry } from '../telemetry/telemetry.js';
import { longFrom, sideOf } from '../views/comparing.js';
import { VIEWS, type Views } from '../views/views.js';
import { currentCorrelation } from '../web/correlation.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import { BaseTexts } from './base-texts.js';
import {
  type Asked,
  type Change,
  type Changed,
  ChangeStory,
  type Outcome,
  type PassagesAsked,
  type Preview,
  PreviewChange,
  type Refusing,
} from './change-story.js';
import { type Decided, foreseen, takesBackFromReaders } from './foreseen.js';
import { findPassages, holdsAgain, type Passages, type Policy, refuseStale } from './passages.js';
import { unseen } from './precondition.js';
import { refuse, refuseStory } from './problems.js';
import { forbidden, rightsNeeded, rightsOfStanding } from './rights-needed.js';
import { isAnother, signed } from './signing.js';
import { Slugs } from './slugs.js';
import { type Carried, type KnownStory, Stories } from './stories.js';

/** How long an answer waits for the views, and a command for what they lack, in milliseconds. */
const patience = 2_000;
/** How often a command that does not care what it overwrites tries again when others are faster. */
const attempts = 10;
/** Commands of one story under way at once: each may be overtaken by every other. */
const mostOfOneStory = 32;

/** Blocks of a base from which it may be long. */
const manyBlocks = 100;

@CommandHandler(ChangeStory)
export class ChangeStoryHandler implements ICommandHandler<ChangeStory> {
  private readonly slugs: Slugs;
  private readonly baseTexts: BaseTexts;
  /** How many commands of a story are under way. */
  private readonly underWay = new Map<string, number>();

  constructor(
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(CLOCK) private readonly clock: () => number,
    @Inject(CONFIG) private readonly policy: Policy,
    @Inject(ERASER) private readonly eraser: Eraser,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
    private readonly stories: Stories,
  ) {
    this.slugs = new Slugs(views);
    this.baseTexts = new BaseTexts(views);
  }

  execute({ change }: ChangeStory): Promise<Outcome> {
    return this.telemetry.watch('command', { verb: change.asked.type }, () => this.carryOut(change), codeOf);
  }

  private async carryOut(change: Change): Promise<Outcome> {
    const key = change.idempotencyKey;
    if (key !== undefined && !/^[\x20-\x7e]{1,255}$/.test(key)) {
      return refuse('bad-idempotency-key', 'Idempotency-Key has 1 to 255 visible ASCII characters or spaces.');
    }
    const commandId = key === undefined ? uuidv4() : uuidv5(key, change.actor);
    const id = this.storyId(change, commandId);
    if (id === undefined) return forbidden(change.may, rightsNeeded(change.asked)) ?? refuseStory();
    const others = this.underWay.get(id) ?? 0;
    if (others >= mostOfOneStory) return refuseBusy(`${others} changes of the story are being decided already.`);
    this.underWay.set(id, others + 1);
    try {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const outcome = await this.attempt(id, commandId, change);
        if (outcome !== 'overtaken') return outcome;
      }
      return refuseBusy(`The story changed ${attempts} times while this was being decided.`);
    } finally {
      const left = this.underWay.get(id)! - 1;
      if (left > 0) this.underWay.set(id, left);
      else this.underWay.delete(id);
    }
  }

  async preview(change: Change): Promise<Preview> {
    const id = this.storyId(change, uuidv4());
    if (id === undefined) return forbidden(change.may, rightsNeeded(change.asked)) ?? refuseStory();
    const known = await this.stories.read(id);
    const judgesTag = change.ifMatch !== undefined;
    return this.decided(id, known, change, judgesTag, async (decided) => foreseen(id, decided, this.views));
  }

  private storyId({ asked, story }: Change, commandId: string): string | undefined {
    if (asked.type === 'publish') return uuidv5('story', commandId);
    return this.views.storyNamed(story!);
  }

  private async attempt(id: string, commandId: string, change: Change): Promise<Outcome | 'overtaken'> {
    const known = await this.stories.read(id);
    const carried = known.commands.get(commandId);
    // However the story stands since: this was allowed then.
    if (carried)
      return forbidden(change.may, rightsNeeded(change.asked)) ?? this.repetition(id, known, carried, change);
    const judgesTag = change.asked.type !== 'publish';
    return this.decided(id, known, change, judgesTag, (decided) => this.record(id, known, commandId, change, decided));
  }

  /** Everything up to the recording; then `go`, with the slug kept from others. Not after it: nothing waits in between. */
  private async decided<T>(
    id: string,
    known: KnownStory,
    change: Change,
    judgesTag: boolean,
    go: (decided: Decided) => Promise<T>,
  ): Promise<T | Refusing> {
    const { story } = known;
    const { asked } = change;
    const mayNot = forbidden(change.may, rightsNeeded(asked));
    if (mayNot) return mayNot;
    if (story.revision < 0 && asked.type !== 'publish') return refuseStory();
    if (needsViews(asked) && !(await this.views.waitFor(known.position, patience))) {
      return refuse(
        'views-behind',
        'The last changes of the story are still on their way.',
        {},
        { 'retry-after': '2' },
      );
    }
    const found = 'sought' in asked ? await this.found(id, known, asked) : undefined;
    if (found && !found.ok) return found;
    const aligned = await this.aligned(id, story, asked);
    // One reading for all: else an embargo could end between the check and the recording. Nothing waits behind it.
    const now = this.now();
    if (isBehind(story, now)) {
      const detail = 'The story was recorded in the future of this node, whose clock is behind.';
      return refuse('clock-behind', detail, {}, { 'retry-after': '10' });
    }
    const refusal =
      forbidden(change.may, rightsOfStanding(story, asked, nowFor(story.recordedAt, now))) ??
      (judgesTag ? unseen(known, change.ifMatch, now) : undefined);
    if (refusal) return refusal;
    if (found && 'token' in asked && found.token !== asked.token) return refuseStale(found);
    const chosen = this.slugs.chosen(id, asked);
    if (!chosen.ok) return chosen;
    const { slug } = chosen;
    const decided = this.decide(id, known, commandOf(asked, { slug, found }), now, aligned);
    if (!decided.ok) return decided;
    if ('sought' in asked && holdsAgain(decided.events, asked.sought)) {
      return refuse('still-there', 'The replacement or the reason holds the words that are to go.');
    }
    return this.slugs.claiming(id, slug, () => go({ ...decided, ...(slug !== undefined && { slug }) }));
  }

  private found(id: string, known: KnownStory, { type, sought }: PassagesAsked) {
    const now = nowFor(known.story.recordedAt, this.now());
    return findPassages(this.log, { id, known, taking: type, sought, now, policy: this.policy });
  }

  /** Of a body sent: elsewhere if it is long, so that nobody else waits for it; here where too many are waited for. */
  private async aligned(id: string, story: Story, asked: Asked): Promise<Aligned | undefined> {
    const made = asked.type === 'new-version' ? asked : 'replacement' in asked ? asked.replacement : undefined;
    const base = made?.body && baseFor(story, made, recordingTime(story, this.now()));
    if (!base) return undefined;
    const sent = sideOf({ fields: {}, statements: [], body: made.body as Block[] });
    if (sent.length < longFrom && base.manifest.body.length < manyBlocks) return undefined;
    const found = this.views.aligning.continuations([this.views.side(id, base.version), sent]);
    return { base, continued: 'made' in found ? found.made : await found.later().catch(() => undefined) };
  }

  private decide(
    id: string,
    { story, written }: KnownStory,
    command: Command,
    now: Instant,
    aligned: Aligned | undefined,
  ): Decided | Refusing {
    const recordedAt = recordingTime(story, now);
    const made = newVersionOf(command);
    const builtOn = made && story.revision >= 0 ? baseFor(story, made, recordedAt) : undefined;
    const base = builtOn && this.baseTexts.content(id, story, builtOn.manifest);
    const circumstances: Circumstances = {
      recordedAt,
      mint,
      written: (revision) => written[revision],
      stoodIn: (before, after, texts) => {
        const stored = this.views.textsOf(id, [before, after].flatMap(referencesOf));
        const find: FindText = (revision, name) =>
          revision > story.revision ? { value: texts[name as keyof typeof texts] } : stored(revision, name);
        return this.views.versionsWithReplaced(id, { before, after, find });
      },
      ...(base && { base }),
      ...(aligned?.continued && aligned.base === builtOn && { continued: aligned.continued }),
    };
    const isItsSlug = command.type === 'change-slug' && this.views.story(id)?.slug === command.slug;
    const decision = isItsSlug
      ? { ok: true as const, events: [], version: null }
      : decide(story, command, circumstances);
    if (!decision.ok) {
      const { code, ...members } = decision.refusal;
      return refuse(code, explain(decision.refusal), members);
    }
    const after = foresee(story, decision.events, recordedAt);
    const inForce = versionOf(story, versionInForce(story, recordedAt));
    const beside = made?.restores === undefined ? builtOn : (inForce ?? builtOn);
    const content = beside === builtOn ? base : beside && this.views.contentOfManifest(id, beside.manifest);
    const compared = beside && content && { version: beside.version, content };
    const decided = { ...decision, recordedAt, before: story, after, ...(compared && { compared }) };
    if (takesBackFromReaders(decided)) {
      return refuseBusy(
        'A version comes into force this very moment, and this would undo it. Look again, then decide.',
      );
    }
    return decided;
  }

  private async record(
    id: string,
    known: KnownStory,
    commandId: string,
    change: Change,
    decided: Decided,
  ): Promise<Outcome | 'overtaken'> {
    const { events, version, recordedAt } = decided;
    if (events.length === 0) return this.changed(id, known, { version, made: null }, { changed: false });
    try {
      const appended = await this.log.append({
        story: id,
        expected: known.head,
        commandId,
        actor: change.actor,
        recordedAt,
        correlationId: currentCorrelation.getStore(),
        events: events.map((event, index) => signed(event, change, index === 0)),
      });
      // The same key at the same time: what is stored may be another's.
      const { request, slug } = appended[0]!.texts as { request?: unknown; slug?: string };
      if (isAnother(request, change)) return refuseReused();
      const now = this.stories.appended(id, known, appended);
      this.baseTexts.appended(id, now.story, appended);
      return await this.changed(id, now, now.commands.get(commandId)!, { slug });
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return 'overtaken';
      if (error instanceof StoreRefused && error.code === 'too-large') {
        return refuse('too-much-at-once', 'This change is more than the event store records at once.');
      }
      throw error;
    }
  }

  /** The same key again: what it did the first time, if it is the same request. */
  private async repetition(id: string, known: KnownStory, carried: Carried, change: Change): Promise<Outcome> {
    for await (const event of this.log.readStory(id, carried.first)) {
      if (isAnother(event.texts.request, change)) return refuseReused();
      return this.changed(id, known, carried, { repeated: true });
    }
    throw new Error(`revision ${carried.first} of story ${id} is known and can't be read`);
  }

  private async changed(
    id: string,
    known: KnownStory,
    { version, made, correction, withdrawal, hiding, erasure }: Omit<Carried, 'first'>,
    { slug, ...more }: { slug?: string | undefined; changed?: boolean; repeated?: boolean },
  ): Promise<Changed> {
    const { story, position } = known;
    const visible = await this.views.waitFor(position, patience);
    const state = erasure === undefined ? undefined : await this.eraser.settle(id, erasure, patience);
    const shown = this.views.story(id);
    const told = version === null ? undefined : versionOf(story, version);
    return {
      ok: true,
      story: id,
      version,
      acts: told?.acts ?? [],
      inForceFrom: told?.inForceFrom ?? null,
      recordedAt: told?.recordedAt ?? null,
      made,
      ...(correction !== undefined && { correction }),
      ...(withdrawal !== undefined && { withdrawal }),
      ...(hiding !== undefined && { hiding }),
      ...(erasure !== undefined && { erasure: { revision: erasure, state: state! } }),
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

@QueryHandler(PreviewChange)
export class PreviewChangeHandler implements IQueryHandler<PreviewChange> {
  constructor(private readonly changes: ChangeStoryHandler) {}

  execute({ change }: PreviewChange): Promise<Preview> {
    return this.changes.preview(change);
  }
}

/** How it ended, for those who count. */
function codeOf(outcome: Outcome): string {
  if (!outcome.ok) return outcome.refusal.code;
  return outcome.repeated ? 'repeated' : outcome.changed ? 'recorded' : 'unchanged';
}

/** Which blocks of a body that was sent continue which of a version's. */
interface Aligned {
  base: Version;
  continued: Continuations | undefined;
}

/** What can be decided only with the story's words, or its slug, as they are by now. */
const needsViews = (asked: Asked): boolean =>
  asked.type === 'new-version' ||
  asked.type === 'change-slug' ||
  ('replacement' in asked && Boolean(asked.replacement));

/** The command, once its slug is chosen or its texts are found. */
function commandOf(asked: Asked, { slug, found }: { slug: string | undefined; found: Passages | undefined }): Command {
  if ('sought' in asked) {
    const { sought: _, token: __, ...taking } = asked;
    return { ...taking, references: found!.texts.map(({ reference }) => reference) };
  }
  if (asked.type !== 'publish') return asked;
  const { content, ...rest } = asked;
  return { ...rest, slug: slug!, fields: content.fields as Fields, body: content.body ?? [] };
}

/** Random, unlike any other of the story: 8 letters and digits of 41 bits. */
const mint = (): string => (randomBytes(6).readUIntBE(0, 6) % 36 ** 8).toString(36).padStart(8, '0');

const refuseReused = () => refuse('idempotency-key-reused', 'This key was used for another request.');

const refuseBusy = (detail: string) => refuse('busy-story', detail, {}, { 'retry-after': '1' });

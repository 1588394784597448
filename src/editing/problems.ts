/** The refusals of writing, in HTTP's terms. */
import type { RefusalCode } from '../story/refusals.js';
import { defineProblems, type Refusal } from '../web/problem.js';
import type { Refusing } from './change-story.js';

type EditingCode =
  | RefusalCode
  | 'precondition-required'
  | 'story-changed'
  | 'bad-idempotency-key'
  | 'idempotency-key-reused'
  | 'slug-taken'
  | 'on-behalf-forbidden'
  | 'views-behind'
  | 'busy-story'
  | 'clock-behind'
  | 'too-much-at-once'
  | 'preview-stale'
  | 'still-there';

/** A refusal as a value; `members` go into its document, `headers` with it. */
export const refuse = (
  code: EditingCode | 'forbidden',
  detail: string,
  members: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Refusing => ({ ok: false, refusal: { code, detail, ...members } as Refusal, headers });

export const refuseStory = (): Refusing => refuse('story-not-found', 'There is no such story.');

/** `story-not-found` and `version-not-found` are history's. */
defineProblems<Exclude<EditingCode, 'story-not-found' | 'version-not-found'>>({
  'story-exists': {
    status: 409,
    title: 'The story exists already',
    explanation: 'A story is published once. Send a new version of it instead.',
  },
  'base-needed': {
    status: 409,
    title: 'Say which version to build on',
    explanation:
      'What a command leaves out is taken from its base: the version in force. Here that is not clear, or its embargo would be lifted by accident. Name it as `base`.',
  },
  'time-in-the-past': {
    status: 422,
    title: 'A version cannot come into force before it is recorded',
    explanation: 'Leave `inForceFrom` out for now, or send `imported: true` for a history kept elsewhere.',
  },
  'import-before-last': {
    status: 409,
    title: 'The import lies before what is there',
    explanation:
      'An import extends a history and never slips under it, and a withdrawal leaves the version before it some time in force. Import from the oldest to the newest.',
  },
  'would-supersede': {
    status: 409,
    title: 'This would cancel versions that are waiting',
    explanation:
      'A new version cancels those that would only come into force with or after it. If that is meant, name exactly these as `supersedes`.',
  },
  'already-cancelled': {
    status: 409,
    title: 'The version is cancelled already',
    explanation: 'There is nothing to do.',
  },
  'has-been-in-force': {
    status: 409,
    title: 'The version has been in force',
    explanation: 'What readers were given stays true: write a new version, or withdraw the story.',
  },
  'block-not-found': {
    status: 422,
    title: 'No such block',
    explanation: '`after` names a block of the version by its `_key`, as its body gives it.',
  },
  'statement-not-found': {
    status: 422,
    title: 'No such statement',
    explanation: 'A block’s `statement` names a statement of the version that this one builds on.',
  },
  'too-many-blocks': {
    status: 422,
    title: 'Too many blocks',
    explanation: 'A version may have 2,000 blocks.',
  },
  'precondition-required': {
    status: 428,
    title: 'Say which state of the story you have seen',
    explanation:
      'Send the story’s `ETag` as `If-Match`, so that nobody’s work is overwritten unseen (RFC 6585). `*` means: whatever it is.',
  },
  'story-changed': {
    status: 412,
    title: 'The story has changed meanwhile',
    explanation:
      'It is not as it was when you read it: `since` says what has happened. Read it again, and send the new `ETag`.',
  },
  'bad-idempotency-key': {
    status: 400,
    title: 'The idempotency key cannot be read',
    explanation: '`Idempotency-Key` has 1 to 255 visible ASCII characters or spaces.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key belongs to another request',
    explanation:
      'A key stands for one request: the same again gives the same answer. Take a new key for a new request.',
  },
  'slug-taken': {
    status: 409,
    title: 'The slug belongs to another story',
    explanation: 'The first story to claim a slug keeps it for ever. Choose another, or leave it out.',
  },
  'on-behalf-forbidden': {
    status: 403,
    title: 'This token may not write on behalf of others',
    explanation: '`editor` is for tokens made with `--on-behalf`.',
  },
  'views-behind': {
    status: 503,
    title: 'This node is still catching up',
    explanation:
      'The last changes of the story have not reached this node’s views yet. Nothing was written: ask again.',
  },
  'clock-behind': {
    status: 503,
    title: 'The clock of this node is behind',
    explanation:
      'The story was last recorded more than ten seconds in the future of this node, whose clock is wrong, or was when that was recorded. Ask another node, or again once the clocks agree.',
  },
  'too-much-at-once': {
    status: 413,
    title: 'More than can be recorded at once',
    explanation:
      'A cluster records the facts of a change in one piece, of 1 MiB unless its servers are set to more. Make the change in several requests: fewer statements at a time, or a body of fewer blocks.',
  },
  'busy-story': {
    status: 503,
    title: 'Too many writers at once',
    explanation: 'Others kept changing the story first. Nothing was written: ask again.',
  },
  'preview-stale': {
    status: 409,
    title: 'The preview no longer holds',
    explanation:
      'The story has changed since the preview, or something else is asked for now. Nothing was done: look at a new preview, and send its `token`.',
  },
  'still-there': {
    status: 422,
    title: 'The words that are to go stand in the request itself',
    explanation: 'The replacement or the reason holds the phrase, so it would be recorded anew. Say it without.',
  },
  'never-in-force': {
    status: 409,
    title: 'Readers never had that version',
    explanation: 'Only what readers were given can be corrected. Change it in a new version, without a correction.',
  },
  'cannot-restore': {
    status: 409,
    title: 'That version cannot be brought back',
    explanation:
      'Only a version that has been in force, is not hidden and has all its words can be restored. Otherwise write a new version.',
  },
  'base-is-restored': {
    status: 422,
    title: 'A restoration builds on the version it brings back',
    explanation: 'Leave `base` out where `restores` is given.',
  },
  'base-hidden': {
    status: 409,
    title: 'The version to build on is hidden',
    explanation: 'Building on it would show its words again. If that is meant, name it as `base`.',
  },
  'not-withdrawn': {
    status: 409,
    title: 'The story is not withdrawn',
    explanation: 'There is nothing to end.',
  },
  'time-not-allowed': {
    status: 422,
    title: 'This takes effect when it is recorded',
    explanation: 'Leave `at` out. Only an import may name it, and not later than now.',
  },
  'version-cancelled': {
    status: 409,
    title: 'The version is cancelled',
    explanation: 'A cancelled version has no time any more. Write a new one.',
  },
  'time-not-between': {
    status: 409,
    title: 'Versions keep their order',
    explanation: 'The time of a version can be corrected only between those of the versions beside it.',
  },
  'time-only-earlier': {
    status: 409,
    title: 'The version has been in force since then',
    explanation: 'What readers were given stays true: the time of a version that has been in force only moves back.',
  },
  'time-undoes-version': {
    status: 409,
    title: 'Another version would never have been in force',
    explanation: 'What readers were given stays true. Choose a time that leaves the others theirs.',
  },
  'shown-to-readers': {
    status: 409,
    title: 'Readers are given this now, or will be',
    explanation:
      'Correct the version first; with words taken away the same request can bring the new version as `replacement`. Or send `force: true`, and readers see that something was removed.',
  },
  'text-not-found': {
    status: 422,
    title: 'No such text',
    explanation: 'A reference is the revision at which a text was written and its name there, as previews give them.',
  },
  'correction-not-found': {
    status: 404,
    title: 'No such correction',
    explanation: 'The story has no correction by that id.',
  },
  'withdrawal-not-found': {
    status: 404,
    title: 'No such withdrawal',
    explanation: 'The story has no withdrawal by that id.',
  },
  'hiding-not-found': {
    status: 404,
    title: 'No such hiding',
    explanation: 'Nothing is hidden by a hiding recorded there, or it has been shown again.',
  },
});

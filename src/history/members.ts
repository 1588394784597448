/** The members of answers about stories, as the OpenAPI document describes them. */
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions, PickType } from '@nestjs/swagger';
import { acts, correctionKinds, significances, withdrawalKinds } from '../story/events.js';

export const instant = { type: String, format: 'date-time' } as const;
export const nullable = { nullable: true } as const;
const actNames = [...acts];

const absent = {
  type: 'object',
  properties: { _absent: { type: 'string', enum: ['erased', 'erasure-pending', 'hidden', 'missing'] } },
  required: ['_absent'],
  description: 'Stands where a text was that is no longer to be shown.',
};
/** A typed text, or why it is gone. */
export const typed = (description?: string): ApiPropertyOptions => ({
  oneOf: [{ type: 'string' }, absent],
  ...(description !== undefined && { description }),
});

export class WithdrawalMember {
  @ApiPropertyOptional({ type: String, description: 'For staff.' })
  id?: string;
  @ApiProperty({ enum: withdrawalKinds })
  kind: string;
  @ApiProperty(instant)
  from: string;
  @ApiProperty({ ...typed(), ...nullable })
  notice: unknown;
}

class WaitingMember {
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty(instant)
  inForceFrom: string;
}

export class StoryMember {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;
  @ApiProperty({ type: String, ...nullable, description: 'null: go by the id.' })
  slug: string | null;
  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    description: 'The publisher’s own page for it, as the version that readers are shown names it.',
  })
  url?: string;
  @ApiProperty({ enum: ['not-yet-in-force', 'published', ...withdrawalKinds] })
  status: string;
  @ApiProperty({ ...instant, ...nullable })
  firstPublishedAt: string | null;
  @ApiProperty({ ...instant, ...nullable })
  lastUpdatedAt: string | null;
  @ApiProperty({ type: 'integer', description: 'How many versions your list of them has.' })
  versions: number;
  @ApiPropertyOptional({ type: WithdrawalMember })
  withdrawal?: WithdrawalMember;
  @ApiPropertyOptional({ type: 'integer', description: 'For writers.' })
  revision?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'For writers: the version in force now, 0 for none.' })
  versionInForce?: number;
  @ApiPropertyOptional({ type: [WaitingMember], description: 'For staff: versions whose time has not come.' })
  waiting?: WaitingMember[];
}

class InForceMember {
  @ApiProperty(instant)
  from: string;
  @ApiProperty({ ...instant, ...nullable, description: 'null: still.' })
  until: string | null;
}

class StatementAddedMember {
  @ApiProperty(typed())
  speaker: unknown;
  @ApiPropertyOptional(typed())
  organisation?: unknown;
}

export class StatementMember extends StatementAddedMember {
  @ApiProperty({ type: String, description: 'Its blocks in `body` name it as `statement`.' })
  id: string;
}

class WordsMember {
  @ApiProperty({ type: 'integer' })
  added: number;
  @ApiProperty({ type: 'integer' })
  removed: number;
}

class ChangesMember {
  @ApiProperty({ type: 'integer', ...nullable, description: 'The version it is measured against.' })
  against: number | null;
  @ApiProperty({ type: WordsMember })
  words: WordsMember;
}

class VersionTimes {
  @ApiProperty({ type: 'integer' })
  version: number;
  @ApiProperty({ type: [String], enum: actNames, description: 'What made it. Empty for one removed.' })
  acts: string[];
  @ApiProperty({ enum: significances, ...nullable })
  significance: string | null;
  @ApiProperty({ ...instant, description: 'From when it is what readers get.' })
  inForceFrom: string;
  @ApiProperty(instant)
  recordedAt: string;
  @ApiPropertyOptional({
    type: Boolean,
    description: 'From records kept elsewhere; its time may lie before it was recorded.',
  })
  imported?: true;
  @ApiPropertyOptional({ type: Boolean, description: 'In force now.' })
  current?: true;
  @ApiPropertyOptional({ type: Boolean, description: 'Removed; to readers only its number and times are left.' })
  hidden?: true;
  @ApiPropertyOptional({ type: Boolean, description: 'For staff: its time has not come.' })
  waiting?: true;
  @ApiPropertyOptional({ type: Boolean, description: 'For staff: taken back before it was ever in force.' })
  cancelled?: true;
  @ApiPropertyOptional({ type: 'integer', description: 'For staff: the version that cancelled it.' })
  supersededBy?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'The version it brought back.' })
  restored?: number;
  @ApiPropertyOptional({
    enum: correctionKinds,
    description: 'The correction it made.',
  })
  correction?: string;
  @ApiProperty({ type: [InForceMember], description: 'When it was in force; `until` is not inside.' })
  reigns: InForceMember[];
  @ApiProperty({ ...typed('The publisher’s sentence on why.'), ...nullable })
  note: unknown;
  @ApiPropertyOptional({
    type: 'object',
    properties: { id: { type: 'string' }, name: { type: 'string' } },
    description: 'To readers only a name, and only where the publisher makes names public.',
  })
  editor?: unknown;
  @ApiPropertyOptional({ type: [String], description: 'For staff.' })
  labels?: string[];
  @ApiProperty({ type: ChangesMember, ...nullable })
  changes: ChangesMember | null;
}

export class VersionItemMember extends VersionTimes {
  @ApiProperty({ ...typed(), ...nullable })
  headline: unknown;
  @ApiProperty({ type: [StatementAddedMember], description: 'Those it added.' })
  statements: StatementAddedMember[];
}

export class CorrectionMember {
  @ApiProperty({ type: String })
  id: string;
  @ApiProperty({ enum: correctionKinds })
  kind: string;
  @ApiPropertyOptional({ type: 'integer', description: 'The version that made it.' })
  version?: number;
  @ApiProperty({ type: 'array', items: { type: 'integer' } })
  corrects: number[];
  @ApiProperty({ ...instant, ...nullable, description: 'When readers got it.' })
  at: string | null;
  @ApiProperty({ ...typed(), ...nullable })
  notice: unknown;
  @ApiPropertyOptional({ type: 'integer', description: 'What to compare `version` with to see the change.' })
  against?: number;
}

class WithdrawnPeriodMember extends WithdrawalMember {
  @ApiProperty({ ...instant, ...nullable, description: 'null: still.' })
  until: string | null;
  @ApiProperty({ type: 'integer', ...nullable, description: 'The version last in force before it.' })
  version: number | null;
}

export const object = (description: string) => ({
  type: 'object' as const,
  additionalProperties: true,
  description,
});

/** A version, whole: beside what lists have, its content under the names it is sent with. */
export class VersionMember extends VersionTimes {
  @ApiProperty({ type: StoryMember })
  story: StoryMember;
  @ApiProperty(typed())
  headline: unknown;
  @ApiPropertyOptional(typed())
  standfirst?: unknown;
  @ApiPropertyOptional(typed('As printed.'))
  byline?: unknown;
  @ApiPropertyOptional({ type: 'array', items: object('`name`, `role`') })
  authors?: unknown;
  @ApiPropertyOptional(typed())
  section?: unknown;
  @ApiPropertyOptional({ type: [String] })
  tags?: unknown;
  @ApiPropertyOptional(typed('BCP 47.'))
  language?: unknown;
  @ApiPropertyOptional(object('`url`, `alt`, `caption`, `credit`'))
  leadImage?: unknown;
  @ApiPropertyOptional(typed())
  source?: unknown;
  @ApiPropertyOptional(typed('The publisher’s own page for this story.'))
  url?: unknown;
  @ApiPropertyOptional(object('The free map.'))
  fields?: unknown;
  @ApiProperty({ type: [StatementMember] })
  statements: StatementMember[];
  @ApiProperty({ type: [StatementAddedMember], description: 'Those this version added.' })
  statementsAdded: StatementAddedMember[];
  @ApiProperty({ type: 'array', items: object('A block of Portable Text with its `_key`') })
  body: unknown[];
  @ApiProperty({ type: [CorrectionMember] })
  corrections: CorrectionMember[];
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', properties: { revision: { type: 'integer' }, name: { type: 'string' } } },
    description: 'For staff: its texts that readers don’t get.',
  })
  hiddenTexts?: unknown[];
  @ApiProperty({ type: 'integer', ...nullable, description: 'The number before it in your list.' })
  previous: number | null;
  @ApiProperty({ type: 'integer', ...nullable })
  next: number | null;
}

class AsOfMember {
  @ApiPropertyOptional({ ...instant, description: 'The instant asked about; left out where the answer is for now.' })
  at?: string;
  @ApiPropertyOptional(instant)
  knownAt?: string;
  @ApiProperty({ type: InForceMember, description: 'The time in force that holds it.' })
  reign: InForceMember;
  @ApiPropertyOptional({ type: WithdrawalMember, description: 'The withdrawal that held then.' })
  withdrawal?: WithdrawalMember;
}

export class VersionAsOfMember extends VersionMember {
  @ApiProperty({ type: AsOfMember })
  asOf: AsOfMember;
}

export const cursor: ApiPropertyOptions = { type: String, nullable: true, description: 'Cursor of the next page.' };

export class VersionListMember {
  @ApiProperty({ type: StoryMember })
  story: StoryMember;
  @ApiProperty({ type: [VersionItemMember], description: 'The newest first.' })
  items: VersionItemMember[];
  @ApiProperty({ type: [CorrectionMember], description: 'By, or of, the versions listed.' })
  corrections: CorrectionMember[];
  @ApiProperty({ type: [WithdrawnPeriodMember], description: 'Times away after one of the versions listed, in order.' })
  withdrawals: WithdrawnPeriodMember[];
  @ApiProperty(cursor)
  next: string | null;
}

export class ComparisonMember {
  @ApiProperty({ type: StoryMember })
  story: StoryMember;
  @ApiProperty({ type: VersionItemMember })
  a: VersionItemMember;
  @ApiProperty({ type: VersionItemMember })
  b: VersionItemMember;
  @ApiProperty(
    object('Fields, statements and blocks that differ, runs of words within them, and a summary with one sentence.'),
  )
  comparison: unknown;
  @ApiProperty({ type: [CorrectionMember], description: 'Those that came between the two.' })
  corrections: CorrectionMember[];
}

class AuthorSpanMember {
  @ApiProperty({ type: 'integer', description: 'Where its first word begins in `text`: UTF-16 units.' })
  from: number;
  @ApiProperty({ type: 'integer', description: 'Where its last word ends; not inside.' })
  to: number;
  @ApiProperty({ type: 'integer' })
  words: number;
  @ApiProperty({ type: 'integer', description: 'The version that first had these words, of those you may read.' })
  first: number;
  @ApiPropertyOptional({
    type: 'integer',
    description: 'The last version that had them again after one that had not.',
  })
  broughtBack?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'The last version that moved them.' })
  moved?: number;
}

class AuthoredTextMember {
  @ApiProperty(typed('Without marks; cells of a table parted by tabs and line ends.'))
  text: unknown;
  @ApiProperty({ type: [AuthorSpanMember], description: 'In order. What stands between words belongs to none.' })
  spans: AuthorSpanMember[];
}

class AuthoredBlockMember extends AuthoredTextMember {
  @ApiProperty({ type: String, description: 'The block’s `_key`.' })
  key: string;
  @ApiProperty({ type: String, description: 'Its `_type`; `removed` where its text is gone.' })
  type: string;
  @ApiPropertyOptional({ type: String, description: 'The statement it belongs to.' })
  statement?: string;
}

class RemovedSentenceMember {
  @ApiProperty({ enum: ['body', 'headline', 'standfirst'] })
  part: string;
  @ApiPropertyOptional({ type: String, description: 'The `_key` of the block in which it stood.' })
  block?: string;
  @ApiProperty({ type: String })
  text: string;
  @ApiProperty({ type: 'integer', description: 'The last version with it before it left.' })
  lastIn: number;
  @ApiProperty({ type: 'integer' })
  leftIn: number;
  @ApiPropertyOptional({ type: 'integer', description: 'The version that had it, or nearly all of it, again.' })
  returnedIn?: number;
}

class AuthoringVersionMember extends PickType(VersionItemMember, [
  'version',
  'inForceFrom',
  'recordedAt',
  'imported',
  'note',
  'editor',
]) {}

export class AuthorshipMember {
  @ApiProperty({ type: StoryMember })
  story: StoryMember;
  @ApiProperty({ type: 'integer', description: 'Whose words these are.' })
  version: number;
  @ApiProperty({ type: [AuthoringVersionMember], description: 'All that are named, in order.' })
  versions: AuthoringVersionMember[];
  @ApiProperty({ type: AuthoredTextMember, ...nullable })
  headline: AuthoredTextMember | null;
  @ApiProperty({ type: AuthoredTextMember, ...nullable })
  standfirst: AuthoredTextMember | null;
  @ApiProperty({ type: [AuthoredBlockMember], description: 'With `by`: the blocks that have such words.' })
  body: AuthoredBlockMember[];
  @ApiProperty({
    type: [RemovedSentenceMember],
    description: 'Sentences that left by then, the last first, of texts that you may read.',
  })
  removed: RemovedSentenceMember[];
  @ApiProperty({ type: String, nullable: true, description: 'Cursor of more removed sentences.' })
  next: string | null;
}

/** The members of the lists that go over all stories, as the OpenAPI document describes them. */
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { correctionKinds, withdrawalKinds } from '../story/events.js';
import {
  CorrectionMember,
  cursor,
  instant,
  nullable,
  object,
  StatementMember,
  StoryMember,
  typed,
  VersionItemMember,
  WithdrawalMember,
} from './members.js';

class ExcerptRunMember {
  @ApiProperty({ type: String })
  text: string;
  @ApiPropertyOptional({ type: Boolean })
  match?: true;
}

class SearchMatchMember {
  @ApiProperty({
    type: String,
    description: 'A field’s name; `body`: a block; `speaker` or `organisation` of a statement.',
  })
  field: string;
  @ApiPropertyOptional({ type: String, description: 'The block’s `_key`.' })
  block?: string;
  @ApiPropertyOptional({ type: StatementMember, description: 'Whose words they are.' })
  statement?: StatementMember;
  @ApiProperty({ type: [ExcerptRunMember], description: 'In pieces, those marked that were looked for.' })
  excerpt: ExcerptRunMember[];
}

class StoryItemMember extends OmitType(VersionItemMember, ['current', 'reigns', 'editor', 'labels', 'changes']) {
  @ApiProperty({ type: StoryMember })
  story: StoryMember;
  @ApiProperty({ ...typed(), ...nullable })
  standfirst: unknown;
  @ApiProperty({ ...typed(), ...nullable })
  section: unknown;
  @ApiProperty({ type: [String] })
  tags: string[];
  @ApiProperty({ type: String, ...nullable, description: 'BCP 47.' })
  language: string | null;
  @ApiProperty({ ...object('`url`, `alt`, `caption`, `credit`'), ...nullable })
  leadImage: unknown;
  @ApiPropertyOptional({ type: WithdrawalMember })
  withdrawal?: WithdrawalMember;
  @ApiPropertyOptional({
    type: [SearchMatchMember],
    description: 'Of a search: where it says it; at most three texts.',
  })
  matches?: SearchMatchMember[];
}

class ClosedMember {
  @ApiProperty({ enum: withdrawalKinds.filter((kind) => kind !== 'retracted') })
  code: string;
  @ApiProperty({ type: String, format: 'uuid' })
  story: string;
  @ApiPropertyOptional({ type: String, description: 'The publisher’s notice.' })
  notice?: string;
}

export class StoriesMember {
  @ApiPropertyOptional({ ...instant, description: 'The instant asked about; left out where the answer is for now.' })
  asOf?: string;
  @ApiProperty({
    type: [StoryItemMember],
    description: 'The latest come into force first; waiting versions the soonest first.',
  })
  items: StoryItemMember[];
  @ApiProperty(cursor)
  next: string | null;
  @ApiPropertyOptional({
    type: Boolean,
    description: 'A search for very common words stopped before the page was full; `next` goes on.',
  })
  partial?: true;
  @ApiPropertyOptional({
    type: ClosedMember,
    description: 'Asked by `url`: the story of that page is closed, so it is not listed.',
  })
  closed?: ClosedMember;
}

class CorrectionItemMember extends OmitType(CorrectionMember, ['kind', 'at']) {
  @ApiProperty({ type: StoryMember })
  story: StoryMember;
  @ApiProperty({ ...typed('As readers are shown it now.'), ...nullable })
  headline: unknown;
  @ApiProperty({
    enum: [...correctionKinds, 'retraction'],
    description: '`retraction`: the publisher no longer stands by the story. It names no versions.',
  })
  kind: string;
  @ApiProperty({ ...instant, description: 'When readers got it.' })
  at: string;
}

export class CorrectionsMember {
  @ApiProperty({ type: [CorrectionItemMember], description: 'The latest first.' })
  items: CorrectionItemMember[];
  @ApiProperty(cursor)
  next: string | null;
}

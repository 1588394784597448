/** The members of requests that hide or erase words, and of the previews that come first. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { limits } from '../content/limits.js';
import { type ErasureAuthority, erasureAuthorities } from '../story/events.js';
import { storyChanged } from './answer-members.js';
import { type EditorMember, InSomeonesName, NewVersionMembers } from './members.js';

export class ReferenceMember {
  /** At which the text was written. */
  @IsInt()
  @Min(0)
  @ApiProperty({ type: 'integer', minimum: 0 })
  revision: number;

  @IsString()
  @ApiProperty({ type: String })
  name: string;
}

export class HideTextsRequest {
  /** Words, wherever they stand. Never recorded, nor logged. */
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, maxLength: limits.phrase })
  phrase?: string;

  /** Only where the phrase stands as whole words. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean, default: false })
  words?: boolean;

  /** Texts; beside a phrase those of a preview that are meant. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(limits.references)
  @ValidateNested({ each: true })
  @Type(() => ReferenceMember)
  @ApiPropertyOptional({ type: [ReferenceMember], maxItems: limits.references })
  references?: ReferenceMember[];

  /** The preview’s: with it this is done, without it this is a preview. */
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String })
  token?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, maxLength: limits.reason, description: 'For staff.' })
  reason?: string;

  /** Also what readers are given now, or will be. Needs the right `force`. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean })
  force?: boolean;

  /** A new version without the words, made first. */
  @IsOptional()
  @ValidateNested()
  @Type(() => NewVersionMembers)
  @ApiPropertyOptional({ type: NewVersionMembers })
  replacement?: NewVersionMembers;

  @InSomeonesName()
  editor?: EditorMember;
}

export class EraseTextsRequest extends HideTextsRequest {
  @IsOptional()
  @IsIn(erasureAuthorities)
  @ApiPropertyOptional({ enum: erasureAuthorities, description: 'On whose order. Needed with a token.' })
  authority?: ErasureAuthority;
}

class ExcerptMember {
  @ApiProperty({ type: String })
  before: string;
  @ApiProperty({ type: String })
  match: string;
  @ApiProperty({ type: String })
  after: string;
}

class FoundTextMember {
  @ApiProperty({ type: ReferenceMember })
  reference: ReferenceMember;
  @ApiProperty({ type: String, description: 'A field’s name, `body`, or `speaker`, `notice`, `note`, `slug` …' })
  where: string;
  @ApiPropertyOptional({ type: String, description: 'Of the body.' })
  block?: string;
  @ApiPropertyOptional({ type: ExcerptMember })
  excerpt?: ExcerptMember;
  @ApiPropertyOptional({ type: 'integer', description: 'How often the phrase stands in it.' })
  count?: number;
  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    description: 'Versions that hold it, or that it is about.',
  })
  versions: readonly number[];
  @ApiProperty({ type: Boolean })
  inForce: boolean;
  @ApiProperty({ type: Boolean, description: 'Held by a version whose time has not come.' })
  waiting: boolean;
  @ApiProperty({ type: Boolean, description: 'Whether a reader can find it anywhere now.' })
  shown: boolean;
  @ApiProperty({ type: Boolean })
  hidden: boolean;
  @ApiProperty({ type: Boolean })
  erased: boolean;
}

class ElsewhereMember {
  @ApiProperty({ type: String, format: 'uuid' })
  story: string;
  @ApiProperty({ type: String, nullable: true })
  slug: string | null;
  @ApiProperty({ type: String, nullable: true })
  headline: string | null;
}

export class PassagesAnswer {
  @ApiProperty(storyChanged)
  story: { id: string; slug: string | null; revision: number };
  @ApiProperty({ type: String, description: 'Send it to do this, as long as the story stays as it is.' })
  token: string;
  @ApiProperty({ type: [FoundTextMember], description: 'What would go.' })
  texts: FoundTextMember[];
  @ApiProperty({ type: 'integer', description: 'How many of them a reader can find now.' })
  shownToReaders: number;
  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    description: 'Versions that readers are given now, or will be, and that hold some: send `replacement`, or `force`.',
  })
  correctFirst: readonly number[];
  @ApiProperty({ type: [FoundTextMember], description: 'Other texts of the story with the same words, not named.' })
  alsoHere: FoundTextMember[];
  @ApiProperty({
    type: [ElsewhereMember],
    nullable: true,
    description: 'Other stories with the phrase in what search reads, at most 20; null: it has no word to look for.',
  })
  elsewhere: ElsewhereMember[] | null;
}

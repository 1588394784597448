/** The members of requests that change stories: their shapes checked here, their content by the content room. */
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { limits } from '../content/limits.js';
import type { Significance } from '../story/events.js';

export class EditorMember {
  /** The person's id in your own system. */
  @IsString()
  @Length(1, 200)
  id: string;

  @IsString()
  @Length(1, limits.speaker)
  name: string;
}

const textForm = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] });
const bodyOf = (description: string): ApiPropertyOptions => ({
  description,
  oneOf: [
    { type: 'array', items: { type: 'object' }, description: 'Portable Text blocks' },
    textForm('markdown'),
    textForm('text'),
  ],
});

export class StatementMember {
  /** Who is quoted. */
  @Allow()
  @ApiProperty({ type: String, maxLength: limits.speaker })
  speaker: unknown;

  /** For whom they speak. */
  @Allow()
  @ApiPropertyOptional({ type: String, maxLength: limits.organisation })
  organisation?: unknown;

  /** The `_key` of the block it stands behind; at the end if left out. */
  @Allow()
  @ApiPropertyOptional({ type: String })
  after?: unknown;

  @Allow()
  @ApiProperty(bodyOf('What was said.'))
  body: unknown;
}

/** The content of a version. On a new version, what is left out stays as in its base, and null takes a field away. */
export class ContentMembers {
  @Allow()
  @ApiPropertyOptional({ type: String, maxLength: limits.headline })
  headline?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: limits.standfirst })
  standfirst?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: limits.byline, description: 'As printed.' })
  byline?: unknown;

  @Allow()
  @ApiPropertyOptional({
    type: 'array',
    nullable: true,
    maxItems: limits.authors,
    items: { type: 'object', properties: { name: { type: 'string' }, role: { type: 'string' } }, required: ['name'] },
  })
  authors?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: limits.section })
  section?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: [String], nullable: true, maxItems: limits.tags })
  tags?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: String, nullable: true, description: 'BCP 47, such as en-GB.' })
  language?: unknown;

  @Allow()
  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    properties: {
      url: { type: 'string', format: 'uri' },
      alt: { type: 'string' },
      caption: { type: 'string' },
      credit: { type: 'string' },
    },
    required: ['url', 'alt'],
  })
  leadImage?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: limits.source })
  source?: unknown;

  @Allow()
  @ApiPropertyOptional({ type: String, nullable: true, format: 'uri', description: 'Your own page for this story.' })
  url?: unknown;

  @Allow()
  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'A free map of your own: kept, compared, restored. Names do not begin with an underscore.',
  })
  fields?: unknown;

  @Allow()
  @ApiPropertyOptional(bodyOf('The whole body. Blocks that stay or are edited keep their keys.'))
  body?: unknown;
}

/** What every request that makes a version may say besides. */
export class VersionMembers extends ContentMembers {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(limits.statements)
  @ValidateNested({ each: true })
  @Type(() => StatementMember)
  @ApiPropertyOptional({ type: [StatementMember] })
  statements?: StatementMember[];

  /** Your public sentence on why. */
  @IsOptional()
  @IsString()
  @Length(1, limits.note)
  @ApiPropertyOptional({ type: String })
  note?: string;

  /** RFC 3339 with an offset: when readers get it; now if left out. Later than now is an embargo. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @ApiPropertyOptional({ type: String, format: 'date-time' })
  inForceFrom?: string;

  /** It comes from records kept elsewhere, so its time may lie in the past. Needs the right `import`. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean })
  imported?: boolean;

  /** In whose name, for tokens that write on behalf of others. */
  @IsOptional()
  @ValidateNested()
  @Type(() => EditorMember)
  @ApiPropertyOptional({ type: EditorMember })
  editor?: EditorMember;
}

export class PublishRequest extends VersionMembers {
  @Allow()
  @ApiProperty({ type: String, maxLength: limits.headline })
  declare headline: unknown;

  /** Made from the headline if left out. */
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, maxLength: limits.slug, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })
  slug?: string;
}

export class NewVersionRequest extends VersionMembers {
  @IsOptional()
  @IsIn(['major', 'minor'])
  @ApiPropertyOptional({ enum: ['major', 'minor'], default: 'major' })
  significance?: Significance;

  /** The version to build on; the one in force if left out. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  base?: number;

  /** The versions still to come that this one may cancel, exactly. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsInt({ each: true })
  @ApiPropertyOptional({ type: 'array', items: { type: 'integer', minimum: 1 } })
  supersedes?: number[];
}

export class ChangedAnswer {
  @ApiProperty({
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      slug: { type: 'string', nullable: true },
      revision: { type: 'integer' },
    },
    required: ['id', 'slug', 'revision'],
  })
  story: { id: string; slug: string | null; revision: number };

  @ApiProperty({ type: 'integer', description: 'The version made, or the one that already said all this.' })
  version: number;

  @ApiProperty({ type: [String] })
  acts: readonly string[];

  @ApiProperty({ type: String, format: 'date-time' })
  inForceFrom: string;

  @ApiProperty({ type: String, format: 'date-time' })
  recordedAt: string;

  @ApiProperty({ type: Boolean, description: 'false: nothing would have changed, so nothing was recorded.' })
  changed: boolean;

  @ApiProperty({ type: Boolean, description: 'false: recorded for good, and not yet to be read on this node.' })
  visible: boolean;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', properties: { what: { type: 'string' }, line: { type: 'integer' } }, required: ['what'] },
    description: 'What of the body could not be kept as it was sent.',
  })
  dropped: readonly { what: string; line?: number }[];
}

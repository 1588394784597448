/** The members of requests that change stories: their shapes checked here, their content by the content room. */
import { applyDecorators } from '@nestjs/common';
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
import { type CorrectionKind, correctionKinds, type Significance, significances } from '../story/events.js';

export class EditorMember {
  /** The person's id in your own system. */
  @IsString()
  @Length(1, limits.editorId)
  id: string;

  @IsString()
  @Length(1, limits.speaker)
  name: string;
}

export const InSomeonesName = () =>
  applyDecorators(
    IsOptional(),
    ValidateNested(),
    Type(() => EditorMember),
    ApiPropertyOptional({
      type: EditorMember,
      description: 'In whose name, for tokens that write on behalf of others.',
    }),
  );

const textForm = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] });
const bodyOf = (description: string): ApiPropertyOptions => ({
  description,
  oneOf: [
    { type: 'array', items: { type: 'object' }, description: 'Portable Text blocks' },
    textForm('markdown'),
    textForm('html'),
    textForm('text'),
  ],
});

export class StatementDraftMember {
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
  @Type(() => StatementDraftMember)
  @ApiPropertyOptional({ type: [StatementDraftMember] })
  statements?: StatementDraftMember[];

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
}

export class CorrectionDraftMember {
  /** Your public words: what was wrong and what is right. */
  @IsString()
  @ApiProperty({ type: String, maxLength: limits.notice })
  notice: string;

  @IsOptional()
  @IsIn(correctionKinds)
  @ApiPropertyOptional({ enum: correctionKinds, default: 'correction' })
  kind?: CorrectionKind;

  /** The versions it is about; those that readers had with what this one changes if left out. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @ApiPropertyOptional({ type: 'array', items: { type: 'integer', minimum: 1 } })
  corrects?: number[];
}

/** What is about to replace a version says on what it builds. */
export class NewVersionMembers extends VersionMembers {
  @IsOptional()
  @IsIn(significances)
  @ApiPropertyOptional({ enum: significances, default: 'major' })
  significance?: Significance;

  /** Says publicly that it repairs, clears up or annotates something, with or without a change of text. */
  @IsOptional()
  @ValidateNested()
  @Type(() => CorrectionDraftMember)
  @ApiPropertyOptional({ type: CorrectionDraftMember })
  correction?: CorrectionDraftMember;

  /** A version that has been in force and is brought back; what is sent besides is laid over it. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  restores?: number;

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

export class PublishRequest extends VersionMembers {
  @Allow()
  @ApiProperty({ type: String, maxLength: limits.headline })
  declare headline: unknown;

  /** Made from the headline if left out. */
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, maxLength: limits.slug, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })
  slug?: string;

  @InSomeonesName()
  editor?: EditorMember;
}

export class NewVersionRequest extends NewVersionMembers {
  @InSomeonesName()
  editor?: EditorMember;
}

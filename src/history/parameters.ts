/** The parameters that questions take over HTTP. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { limits } from '../content/limits.js';
import { type Act, acts } from '../story/events.js';
import { type ChangeType, changeTypes } from './answers.js';
import { mostItems } from './lists.js';
import { type StoriesStatus, storiesStatuses } from './questions.js';
import { longestQuery } from './search.js';

const instant = { type: String, format: 'date-time' } as const;
const actNames = [...acts];

/** The forms of a comparison; the first where there is no preference. */
export const comparisonFormats = ['json', 'text', 'html', 'unified', 'side-by-side'] as const;

export class ComparisonQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    type: String,
    enum: [...comparisonFormats],
    description:
      'Goes before `Accept`. `text` marks words: [-removed-]{+added+}; `unified` is a diff of lines; `html` marks words in place, `side-by-side` in two columns.',
  })
  format?: string;
}

/** In which a version is to be had; the first where there is no preference. */
export const documentFormats = ['json', 'markdown', 'text', 'html', 'schema.org', 'ninjs'] as const;

export class DocumentQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    enum: [...documentFormats],
    description: 'Goes before `Accept`. `schema.org`: a NewsArticle as JSON-LD; `ninjs`: IPTC’s, 3.1.',
  })
  format?: string;
}

export class AsOfQuery extends DocumentQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    ...instant,
    description: 'What was in force then; now if left out. A reader’s later time is now.',
  })
  asOf?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ ...instant, description: 'As it was known then. For editors and auditors.' })
  knownAt?: string;
}

class PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  @ApiPropertyOptional({ type: String, description: 'As `next` of the page before gave it.' })
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(mostItems)
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: mostItems, default: 50 })
  limit?: number;
}

export class VersionsQuery extends PageQuery {
  @IsOptional()
  @IsIn(actNames)
  @ApiPropertyOptional({ enum: actNames, description: 'Only versions that this made or helped to make.' })
  act?: Act;

  @IsOptional()
  @IsString()
  @Length(1, limits.speaker)
  @ApiPropertyOptional({
    type: String,
    description: 'Only by this editor: an id or a name; for readers a name, where the publisher makes names public.',
  })
  editor?: string;
}

export class AuthorshipQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, description: 'Goes before `Accept`.' })
  format?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Of this version; of the one in force if left out.',
  })
  version?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ ...instant, description: 'Of what was in force then; not with `version`.' })
  asOf?: string;

  @IsOptional()
  @IsString()
  @Length(1, limits.speaker)
  @ApiPropertyOptional({
    type: String,
    description:
      'Only words first written, and sentences removed, in the version of this number or by this editor: an id or a name; for readers a name, where the publisher makes names public.',
  })
  by?: string;
}

export class CorrectionsQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, description: 'Only of this story: its id or a slug, old or present.' })
  story?: string;
}

/** The forms of the public stream; the first where there is no preference. */
export const changesFormats = ['json', 'events'] as const;

export class ChangesQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    enum: [...changesFormats],
    description: 'Goes before `Accept`. `events`: server-sent events.',
  })
  format?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  @ApiPropertyOptional({
    type: String,
    description: 'A cursor, or an instant (RFC 3339) from which on to tell; from now if left out.',
  })
  after?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, description: 'Only of this story: its id or a slug, old or present.' })
  story?: string;

  @IsOptional()
  @IsIn(changeTypes)
  @ApiPropertyOptional({ enum: [...changeTypes], description: 'Only of this type.' })
  type?: ChangeType;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(mostItems)
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: mostItems, default: 50, description: 'Of JSON.' })
  limit?: number;
}

export class StoriesQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ ...instant, description: 'The stories in force then; now if left out.' })
  asOf?: string;

  @IsOptional()
  @IsString()
  @Length(1, limits.tag)
  @ApiPropertyOptional({ type: String })
  tag?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    type: String,
    maxLength: longestQuery,
    description:
      'Words and "quoted phrases", all of which the version says, in texts that you may read. `ferr*`: words that begin so.',
  })
  q?: string;

  @IsOptional()
  @IsString()
  @Length(1, limits.url)
  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    maxLength: limits.url,
    description:
      'Only the story of which this address is, or was, the publisher’s own page. Scheme and host may be written in capitals; a fragment does not count.',
  })
  url?: string;

  @IsOptional()
  @IsIn(storiesStatuses)
  @ApiPropertyOptional({
    enum: [...storiesStatuses],
    default: 'in-force',
    description: 'All but the first are for staff.',
  })
  status?: StoriesStatus;
}

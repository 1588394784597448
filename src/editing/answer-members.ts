/** The answer to every request that changes a story. */
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';

/** The story as whoever changes it needs to know it. */
export const storyChanged: ApiPropertyOptions = {
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    slug: { type: 'string', nullable: true },
    revision: { type: 'integer' },
  },
  required: ['id', 'slug', 'revision'],
};

export class ChangedAnswer {
  @ApiProperty(storyChanged)
  story: { id: string; slug: string | null; revision: number };

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The version made or changed, or the one that already said all this; null where it is the story.',
  })
  version: number | null;

  @ApiProperty({ type: [String] })
  acts: readonly string[];

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Of the version.' })
  inForceFrom: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Of the version.' })
  recordedAt: string | null;

  @ApiPropertyOptional({ type: String, description: 'Id of the correction issued, or whose notice was changed.' })
  correction?: string;

  @ApiPropertyOptional({ type: String, description: 'Id of the withdrawal made, or whose notice was changed.' })
  withdrawal?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'What names the hiding of words, to show them again.' })
  hiding?: number;

  @ApiPropertyOptional({
    type: 'object',
    properties: { revision: { type: 'integer' }, state: { type: 'string', enum: ['complete', 'pending'] } },
    required: ['revision', 'state'],
    description: '`pending`: recorded, the words no longer shown to anybody, their bytes still being removed.',
  })
  erasure?: { revision: number; state: 'complete' | 'pending' };

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

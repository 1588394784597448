/** What the auditors' doors answer, as OpenAPI tells it. */
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';

const textStates = ['verified', 'erased', 'erasure-pending', 'missing'];
const sha256 = { type: String, pattern: '^[0-9a-f]{64}$' } as const;
const next = { type: String, nullable: true, description: 'Where the next page begins; null at the end.' } as const;
const faults = {
  type: 'array',
  items: {
    type: 'string',
    enum: ['unreadable', 'misplaced', 'newer', 'not-canonical', 'chain-broken', 'stray-text'],
  },
  description: 'What is wrong with the record; empty if it is whole and names the one before it.',
} satisfies ApiPropertyOptions;

export class RecordedEventMember {
  @ApiProperty({ type: String, format: 'uuid' })
  story: string;

  @ApiProperty({ type: 'integer' })
  revision: number;

  @ApiProperty({ type: String, description: 'Its place in the whole log: opaque and increasing.' })
  position: string;

  @ApiProperty({ ...sha256, description: 'SHA-256 of the record: what the story’s next record names as `previous`.' })
  hash: string;

  @ApiProperty({ type: String, format: 'byte', description: 'The record as it lies there: what is hashed.' })
  bytes: string;

  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true, description: 'The same, read.' })
  record: unknown;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'object', properties: { state: { type: 'string', enum: textStates }, text: {} } },
    description: 'By name. What a text says is there if it is verified.',
  })
  texts?: object;

  @ApiProperty(faults)
  faults: string[];
}

export class RecordedEventsMember {
  @ApiProperty({ type: [RecordedEventMember] })
  items: RecordedEventMember[];

  @ApiProperty(next)
  next: string | null;
}

export class StoryEventsMember extends RecordedEventsMember {
  @ApiProperty({ type: String, format: 'uuid' })
  story: string;
}

export class StepMember {
  @ApiProperty({ type: 'integer' })
  revision: number;

  @ApiProperty({ type: String })
  position: string;

  @ApiProperty({ type: String, nullable: true })
  type: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  recordedAt: string | null;

  @ApiProperty(sha256)
  hash: string;

  @ApiProperty(faults)
  faults: string[];

  @ApiProperty({
    type: 'array',
    items: { type: 'object', properties: { code: { type: 'string' }, detail: { type: 'string' } } },
    description: 'Why the event may not follow those before it; empty if it may.',
  })
  illegalities: object[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string', enum: textStates } })
  texts: object;

  @ApiProperty({
    type: 'object',
    nullable: true,
    properties: {
      status: { type: 'string' },
      inForce: { type: 'integer', nullable: true },
      headline: { type: 'string', nullable: true },
      versions: { type: 'integer' },
      waiting: {
        type: 'array',
        items: {
          type: 'object',
          properties: { version: { type: 'integer' }, inForceFrom: { type: 'string', format: 'date-time' } },
        },
      },
      cancelled: { type: 'array', items: { type: 'integer' } },
    },
    description: 'The story after the event, at its recordedAt; null where that cannot be told.',
  })
  state: object | null;
}

export class ReplayMember {
  @ApiProperty({ type: String, format: 'uuid' })
  story: string;

  @ApiProperty({ type: [StepMember] })
  items: StepMember[];

  @ApiProperty(next)
  next: string | null;
}

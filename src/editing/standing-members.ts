/** The members of requests about a story as a whole, and about what is said of its versions. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { limits } from '../content/limits.js';
import { type Significance, significances, type WithdrawalKind, withdrawalKinds } from '../story/events.js';
import { type EditorMember, InSomeonesName } from './members.js';

const reason = { type: String, maxLength: limits.reason, description: 'For staff.' };
const at = {
  type: String,
  format: 'date-time',
  description: 'For imports: when it took effect. Otherwise it does when it is recorded.',
};

class EffectMembers {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @ApiPropertyOptional(at)
  at?: string;

  /** It comes from records kept elsewhere. Needs the right `import`. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean })
  imported?: boolean;

  @InSomeonesName()
  editor?: EditorMember;
}

export class WithdrawRequest extends EffectMembers {
  @IsIn(withdrawalKinds)
  @ApiProperty({
    enum: withdrawalKinds,
    description:
      '`unpublished`: taken down quietly; `retracted`: no longer stood by, shown with the notice; `killed`: must not be used; `takedown`: removed by legal demand.',
  })
  kind: WithdrawalKind;

  /** Your public words. */
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, maxLength: limits.notice })
  notice?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional(reason)
  reason?: string;
}

export class ReinstateRequest extends EffectMembers {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ type: String, maxLength: limits.note })
  note?: string;
}

export class SlugRequest {
  @IsString()
  @ApiProperty({ type: String, maxLength: limits.slug, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })
  slug: string;

  @InSomeonesName()
  editor?: EditorMember;
}

export class NoticeRequest {
  @ValidateIf((request: NoticeRequest) => request.notice !== null)
  @IsString()
  @ApiProperty({ type: String, nullable: true, maxLength: limits.notice, description: 'null takes it back.' })
  notice: string | null;

  @InSomeonesName()
  editor?: EditorMember;
}

export class ReasonRequest {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional(reason)
  reason?: string;

  @InSomeonesName()
  editor?: EditorMember;
}

/** One event a member that changes something, all or nothing. */
export class AmendVersionRequest {
  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: limits.note,
    description: 'The public sentence on why; null takes it away.',
  })
  note?: string | null;

  @ValidateIf((request: AmendVersionRequest) => request.inForceFrom !== undefined)
  @IsString()
  @MaxLength(64)
  @ApiPropertyOptional({
    type: String,
    description: 'RFC 3339 with an offset, or `now`. Needs the right to correct times.',
  })
  inForceFrom?: string;

  @ValidateIf((request: AmendVersionRequest) => request.significance !== undefined)
  @IsIn(significances)
  @ApiPropertyOptional({ enum: significances })
  significance?: Significance;

  @ValidateIf((request: AmendVersionRequest) => request.labels !== undefined)
  @IsArray()
  @ArrayMaxSize(limits.labels)
  @ArrayUnique()
  @IsString({ each: true })
  @ApiPropertyOptional({ type: [String], maxItems: limits.labels, description: 'For staff: the whole set.' })
  labels?: string[];

  @ValidateIf((request: AmendVersionRequest) => request.hidden !== undefined)
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean, description: 'Readers find only its number and times.' })
  hidden?: boolean;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ ...reason, description: 'For staff; of the change of time, of significance and of hiding.' })
  reason?: string;

  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({
    type: Boolean,
    description: 'Hides a version in force, or still to come. Needs the right `force`.',
  })
  force?: boolean;

  @InSomeonesName()
  editor?: EditorMember;
}

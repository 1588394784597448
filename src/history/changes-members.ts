/** The members of the public stream, as the OpenAPI document describes them. */
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { changeTypes } from './answers.js';
import { CorrectionMember, instant, StoryMember, VersionItemMember, WithdrawalMember } from './members.js';

class ChangedVersionMember extends OmitType(VersionItemMember, ['changes']) {}

class ChangeMember {
  @ApiProperty({ type: String, format: 'uuid', description: 'The same on every node.' })
  id: string;
  @ApiProperty({
    enum: [...changeTypes],
    description:
      '`version`, `correction`: one came into force; `notice`: that of a correction or a withdrawal was amended or taken back; `changed`: what readers had is otherwise now, perhaps gone.',
  })
  type: string;
  @ApiProperty({ ...instant, description: 'From when readers could notice it.' })
  at: string;
  @ApiProperty({ type: StoryMember, description: 'Of a story that is closed only `id`, `slug` (null) and `status`.' })
  story: StoryMember;
  @ApiPropertyOptional({ type: ChangedVersionMember, description: 'What came into force, or changed.' })
  version?: ChangedVersionMember;
  @ApiPropertyOptional({ type: 'integer', description: 'What to compare the version with to see what it changed.' })
  against?: number;
  @ApiPropertyOptional({ type: CorrectionMember })
  correction?: CorrectionMember;
  @ApiPropertyOptional({ type: WithdrawalMember })
  withdrawal?: WithdrawalMember;
}

export class ChangesMember {
  @ApiProperty({ type: [ChangeMember], description: 'In the order in which this node told them.' })
  items: ChangeMember[];
  @ApiProperty({ type: String, description: 'The cursor to ask again with.' })
  next: string;
  @ApiProperty({ type: Boolean, description: 'Nothing more has come yet.' })
  end: boolean;
}

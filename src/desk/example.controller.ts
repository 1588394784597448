/** Loads the example. Asked again, it finds the story and adds what a broken-off run has left out. */
import { Controller, Inject, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentViewer, Needs } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { Fields } from '../content/types.js';
import { type Asked, ChangeStory, type Outcome } from '../editing/change-story.js';
import { fromMs } from '../story/instant.js';
import { Refused } from '../web/problem.js';
import { CLOCK } from '../web/tokens.js';
import { type ExampleVersion, exampleSlug, exampleVersions } from './example.js';

@ApiExcludeController()
@Controller('example')
export class ExampleController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: () => number,
  ) {}

  @Post()
  @Needs('publish')
  async load(@CurrentViewer() viewer: Viewer, @Res() reply: FastifyReply): Promise<void> {
    const now = fromMs(this.clock())!;
    let story: string | undefined;
    for (const [index, version] of exampleVersions(now).entries()) {
      const outcome: Outcome = await this.commands.execute(
        new ChangeStory({
          asked: asked(version, story === undefined, version.at < now),
          ...(story !== undefined && { story, ifMatch: '*' }),
          actor: viewer.actor!,
          // Its past is invented: no right to import is asked for.
          may: () => true,
          editor: viewer.onBehalf ? version.editor : { id: viewer.actor!, name: viewer.name! },
          idempotencyKey: `example/${index}`,
          // Without its times, which move with the day: any day's example is the same one.
          request: { example: index },
        }),
      );
      // Loaded with another token.
      if (!outcome.ok && outcome.refusal.code === 'slug-taken') break;
      if (!outcome.ok) throw new Refused(outcome.refusal, outcome.headers);
      story = outcome.story;
    }
    await reply.redirect(`/stories/${exampleSlug}`, 303);
  }
}

function asked(
  { at, fields, body, note, significance, statements, correction }: ExampleVersion,
  first: boolean,
  past: boolean,
): Asked {
  const said = {
    ...(note && { note }),
    ...(statements && { statements }),
    inForceFrom: at,
    ...(past && { imported: true as const }),
  };
  if (first) return { type: 'publish', slug: exampleSlug, content: { fields: fields as Fields, body: body! }, ...said };
  return {
    type: 'new-version',
    fields,
    ...(body && { body }),
    ...(significance && { significance }),
    ...(correction && { correction }),
    ...said,
  };
}

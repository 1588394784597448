/** The write path as a Nest module. Needs EVENT_LOG, VIEWS, CLOCK, CONFIG and ERASER. */
import { Module } from '@nestjs/common';
import { ChangeStoryHandler, PreviewChangeHandler } from './change-story.handler.js';
import { EditingController } from './editing.controller.js';
import { FindPassagesHandler } from './find-passages.js';
import { ListHidingsHandler } from './hidings.js';
import { PassagesController } from './passages.controller.js';
import { StandingController } from './standing.controller.js';
import { Stories } from './stories.js';

@Module({
  controllers: [EditingController, StandingController, PassagesController],
  providers: [Stories, ChangeStoryHandler, PreviewChangeHandler, FindPassagesHandler, ListHidingsHandler],
})
export class EditingModule {}

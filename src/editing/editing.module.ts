/** The write path as a Nest module. Needs EVENT_LOG, VIEWS and CLOCK. */
import { Module } from '@nestjs/common';
import { ChangeStoryHandler, PreviewChangeHandler } from './change-story.handler.js';
import { EditingController } from './editing.controller.js';
import { StandingController } from './standing.controller.js';

@Module({
  controllers: [EditingController, StandingController],
  providers: [ChangeStoryHandler, PreviewChangeHandler],
})
export class EditingModule {}

/** The write path as a Nest module. Needs EVENT_LOG, VIEWS and CLOCK. */
import { Module } from '@nestjs/common';
import { ChangeStoryHandler } from './change-story.handler.js';
import { EditingController } from './editing.controller.js';

@Module({ controllers: [EditingController], providers: [ChangeStoryHandler] })
export class EditingModule {}

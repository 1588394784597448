/** The auditors' room as a Nest module. Needs EVENT_LOG and VIEWS. */
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { ReplayStoryHandler } from './replay-story.js';

@Module({ controllers: [AuditController], providers: [ReplayStoryHandler] })
export class AuditModule {}

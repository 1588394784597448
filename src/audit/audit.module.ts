/** The auditors' room as a Nest module. Needs EVENT_LOG and VIEWS. */
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';

@Module({ controllers: [AuditController] })
export class AuditModule {}

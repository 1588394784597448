/** What readers meet, as a Nest module. Needs HISTORY and CLOCK. */
import { Module } from '@nestjs/common';
import { PagesController } from './pages.controller.js';
import { ProblemsController } from './problems.controller.js';

@Module({ controllers: [PagesController, ProblemsController] })
export class ReadingModule {}

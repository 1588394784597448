/** What editors meet, as a Nest module. Needs CLOCK, the commands of editing and what history needs. */
import { Module } from '@nestjs/common';
import { HistoryModule } from '../history/history.module.js';
import { DeskController } from './desk.controller.js';
import { ExampleController } from './example.controller.js';

@Module({ imports: [HistoryModule], controllers: [DeskController, ExampleController] })
export class DeskModule {}

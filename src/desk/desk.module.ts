/** What editors meet, as a Nest module. Needs CLOCK and the command of editing. */
import { Module } from '@nestjs/common';
import { ExampleController } from './example.controller.js';

@Module({ controllers: [ExampleController] })
export class DeskModule {}

/** What readers meet, as a Nest module. Needs CLOCK, and what history needs. */
import { Module } from '@nestjs/common';
import { HistoryModule } from '../history/history.module.js';
import { ChangesController } from './changes.controller.js';
import { EmbedController } from './embed/embed.controller.js';
import { FeedsController } from './feeds.controller.js';
import { MementoController } from './memento/memento.controller.js';
import { PagesController } from './pages.controller.js';
import { ProblemsController } from './problems.controller.js';
import { SitemapsController } from './sitemaps.controller.js';

@Module({
  imports: [HistoryModule],
  controllers: [
    MementoController,
    PagesController,
    ChangesController,
    FeedsController,
    EmbedController,
    SitemapsController,
    ProblemsController,
  ],
})
export class ReadingModule {}

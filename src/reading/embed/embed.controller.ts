/** The doors of the embed: the script that publishers name on their pages, and an invented publisher's page that has it. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { readerViewer } from '../../access/viewer.js';
import { HISTORY, type History } from '../../history/questions.js';
import { renderPage } from '../../web/page.js';
import { exampleAddress } from './example-address.js';
import { ExamplePage } from './example-page.js';
import { script } from './script.js';

/** Its address stays, so that publishers need not change their pages when it does. */
const scriptCaching = 'public, max-age=600, stale-while-revalidate=86400';

/** What a publisher with a strict policy allows for the embed, and the page's own stylesheet. */
const strictPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join(';');

@ApiExcludeController()
@Controller('embed')
export class EmbedController {
  constructor(@Inject(HISTORY) private readonly history: History) {}

  @Get('story-history.js')
  async script(@Res() reply: FastifyReply): Promise<void> {
    await reply
      .headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': scriptCaching })
      .send(script);
  }

  /** As any reader meets it, whoever asks: it is not a page of the desk's. */
  @Get('example')
  async example(@Res() reply: FastifyReply): Promise<void> {
    const there = await this.history.storyAt(readerViewer, exampleAddress);
    const answer = there.ok ? await this.history.asOf(readerViewer, there.value.id) : there;
    await reply
      .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': strictPolicy })
      .send(renderPage(ExamplePage({ ...(answer.ok && { content: answer.value.content }) })));
  }
}

/**
 * What search engines ask for first: robots.txt (RFC 9309), the sitemap (https://www.sitemaps.org/protocol.html), and
 * the sitemap of what is new. A story whose own page is on another host is left out: that page is the one to be found,
 * and no sitemap may speak for another host.
 */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { type ListedStory } from '../history/answers.js';
import { canonicalAddress } from '../history/page-addresses.js';
import { HISTORY, type History } from '../history/questions.js';
import { originOf } from '../web/link.js';
import { Refused } from '../web/problem.js';
import { CONFIG } from '../web/tokens.js';
import { document, element, type Xml } from '../web/xml.js';
import { plainTitle } from './words.js';

const protocol = 'http://www.sitemaps.org/schemas/sitemap/0.9';
const news = 'http://www.google.com/schemas/sitemap-news/0.9';

/**
 * Comparisons are pairs without end; what is asked for with a query are lists of what has its own address. Versions and
 * earlier moments stay open, so that archives keep them: they name the story as canonical.
 */
const robots = (origin: string) => `User-agent: *
Disallow: /api/
Disallow: /desk
Disallow: /sign-in
Disallow: /stories/*/compare
Disallow: /*?q=
Disallow: /*?cursor=

Sitemap: ${origin}/sitemap.xml
Sitemap: ${origin}/sitemap-news.xml
`;

@ApiExcludeController()
@Controller()
export class SitemapsController {
  constructor(
    @Inject(HISTORY) private readonly history: History,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('robots.txt')
  async robots(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await send(reply, 'text/plain', robots(originOf(this.config, request)));
  }

  @Get('sitemap.xml')
  async sitemap(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const parts = await this.history.sitemaps.parts();
    if (parts.length === 1) return this.sendPart('', request, reply);
    const origin = originOf(this.config, request);
    const files = parts.map((part) => element('sitemap', {}, element('loc', {}, `${origin}/sitemap-${part}.xml`)));
    await sendXml(reply, element('sitemapindex', { xmlns: protocol }, files));
  }

  @Get('sitemap-news.xml')
  async news(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { name, language } = this.config.publisher;
    const publication = element(
      'news:publication',
      {},
      element('news:name', {}, name),
      element('news:language', {}, languageCode(language)),
    );
    const urls = here(await this.history.sitemaps.fresh(), originOf(this.config, request), ({ story, headline }) => [
      element(
        'news:news',
        {},
        publication,
        element('news:publication_date', {}, story.firstPublishedAt!),
        element('news:title', {}, plainTitle(headline, '')),
      ),
    ]);
    await sendXml(reply, element('urlset', { xmlns: protocol, 'xmlns:news': news }, urls));
  }

  @Get('sitemap-:part.xml')
  async part(@Param('part') part: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.sendPart(/^[0-9a-f]{1,8}$/.test(part) ? part : '-', request, reply);
  }

  private async sendPart(part: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const stories = part === '-' ? null : await this.history.sitemaps.part(part);
    if (!stories) throw new Refused({ code: 'not-found', detail: 'The sitemap has no such part.' });
    const urls = here(stories, originOf(this.config, request), ({ lastChangedAt }) => [
      element('lastmod', {}, lastChangedAt),
    ]);
    await sendXml(reply, element('urlset', { xmlns: protocol }, urls));
  }
}

/** Entries for the stories whose canonical address is on our own host. */
const here = <S extends ListedStory>(stories: readonly S[], origin: string, more: (story: S) => Xml[]): Xml[] =>
  stories
    .filter(({ story: { url } }) => url === undefined || URL.parse(url)?.origin === URL.parse(origin)?.origin)
    .map((listed) => element('url', {}, element('loc', {}, canonicalAddress(listed.story, origin)), more(listed)));

/** As news sitemaps want it: ISO 639 alone, but for the two ways of writing Chinese. */
function languageCode(tag: string): string {
  const { language, script } = new Intl.Locale(tag).maximize();
  if (language !== 'zh') return language;
  return script === 'Hant' ? 'zh-tw' : 'zh-cn';
}

const sendXml = (reply: FastifyReply, root: Xml) => send(reply, 'application/xml', document(root));

async function send(reply: FastifyReply, type: string, body: string): Promise<void> {
  await reply.header('content-type', `${type}; charset=utf-8`).send(body);
}

/** The frame of every page: header, navigation, content, footer. Content is what a room puts in it. */

import type { FastifyRequest } from 'fastify';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Config, Publisher } from '../config.js';
import { icon, script, stylesheet } from './assets.js';
import { originOf } from './link.js';

/** What the frame needs to know of who asks and where. */
export interface Frame {
  publisher: Publisher;
  /** The publisher's time zone. */
  zone: string;
  /** Origins of pictures that pages show in place. */
  imageSources: readonly string[];
  /** Of absolute addresses: how the world reaches the service. */
  origin: string;
  /** Set for a signed-in viewer: the name of their token and its role. */
  signedIn?: { name: string; role: string };
}

type FrameSettings = Pick<Config, 'publisher' | 'timezone' | 'imageSources' | 'publicUrl'>;

/** The frame for whoever sent `request`, as the access room has found out (readers, where it has not been asked). */
export function frameFor(config: FrameSettings, request: FastifyRequest): Frame {
  const { viewer } = request as { viewer?: { name?: string; role?: string } };
  const { name, role } = viewer ?? {};
  return {
    publisher: config.publisher,
    zone: config.timezone,
    imageSources: config.imageSources,
    origin: originOf(config, request),
    ...(name && role && { signedIn: { name, role } }),
  };
}

export interface PageProps {
  frame: Frame;
  /** Of the document; the publisher's name is added. */
  title: string;
  /** Of the frame's own words; a story states its own language on its own element. */
  lang?: string;
  description?: string;
  /** More for `<head>`: links, metadata. */
  head?: ComponentChildren;
  /** Sets the desk's pages apart in the header. */
  desk?: boolean;
  /** Asks search engines to leave the page out. */
  unlisted?: boolean;
  children: ComponentChildren;
}

export function Page({ frame, title, lang = 'en', description, head, desk, unlisted, children }: PageProps) {
  const { publisher, signedIn } = frame;
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <title>{title === publisher.name ? title : `${title} – ${publisher.name}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {description && <meta name="description" content={description} />}
        {unlisted && <meta name="robots" content="noindex" />}
        <link rel="icon" type="image/svg+xml" href={icon.href} />
        <link rel="stylesheet" href={stylesheet.href} />
        {!desk && <script type="module" src={script.href} />}
        {!desk && <link rel="alternate" type="application/atom+xml" title={publisher.name} href="/feed.atom" />}
        {head}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="site">
          <a class="name" href="/">
            {publisher.logo && <img class="logo" src={publisher.logo} alt="" />}
            {publisher.name}
          </a>
          {desk && <span class="tag">Desk</span>}
          <nav aria-label="Site">
            <a href="/">Latest</a>
            <a href="/corrections">Corrections</a>
            <a href="/#q">Search</a>
            {signedIn && <a href="/desk">Desk</a>}
            {signedIn && <SignedIn {...signedIn} />}
          </nav>
        </header>
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <footer class="site">
          <p>
            Every change to these stories is kept on record.
            {!signedIn && (
              <>
                {' '}
                <a href="/sign-in">Sign in</a>
              </>
            )}
          </p>
          <p data-zone={frame.zone}>Times are in the publisher’s time zone, {frame.zone}.</p>
          <FromThePublisher {...publisher} />
        </footer>
      </body>
    </html>
  );
}

function FromThePublisher({ name, home, correctionsPolicy, contact }: Publisher) {
  if (!home && !correctionsPolicy && !contact) return null;
  return (
    <nav aria-label="Publisher">
      {home && <a href={home}>{name}</a>}
      {correctionsPolicy && <a href={correctionsPolicy}>How we correct</a>}
      {contact && <a href={contact}>Contact</a>}
    </nav>
  );
}

function SignedIn({ name, role }: { name: string; role: string }) {
  return (
    <form method="post" action="/sign-out" class="signed-in">
      <span>{name.endsWith(role) ? name : `${name}, ${role}`}</span>
      <button type="submit" class="quiet-button">
        Sign out
      </button>
    </form>
  );
}

/** A whole document as text. */
export const renderPage = (page: VNode): string => `<!doctype html>${renderToString(page)}`;

/** An article page as an invented publisher's own site could have it, with `<story-history>` in two lines. */
import type { VNode } from 'preact';
import { h } from 'preact';
import type { Content } from '../../content/types.js';
import { icon, stylesheet } from '../../web/assets.js';
import { Body } from '../body.js';
import { Typed, tongueOf } from '../words.js';
import { exampleAddress } from './example-address.js';

/** `content` of the example story in force; none where it has not been loaded. */
export function ExamplePage({ content }: { content?: Content }): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>The Courier</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="canonical" href={exampleAddress} />
        <link rel="icon" type="image/svg+xml" href={icon.href} />
        <link rel="stylesheet" href={stylesheet.href} />
        <script type="module" src="/embed/story-history.js" />
      </head>
      <body>
        <header class="site">
          <span class="name">The Courier</span>
        </header>
        <main class="column">{content ? <Article content={content} /> : <NotLoaded />}</main>
        <footer class="site">
          <p>An invented newspaper’s own page for the example story, with an element that this service gives it.</p>
        </footer>
      </body>
    </html>
  );
}

function Article({ content }: { content: Content }) {
  const { headline, standfirst, byline } = content.fields;
  return (
    <article {...tongueOf(content.fields)}>
      <h1>
        <Typed text={headline ?? ''} what="Headline" />
      </h1>
      {standfirst !== undefined && (
        <p class="standfirst">
          <Typed text={standfirst} what="Standfirst" />
        </p>
      )}
      {byline !== undefined && (
        <p class="meta">
          <Typed text={byline} what="Byline" />
        </p>
      )}
      {h('story-history', { class: 'ui' })}
      <Body content={content} />
    </article>
  );
}

const NotLoaded = () => (
  <>
    <h1>No example yet</h1>
    <p>
      An editor loads the example story on the front page, as long as there is no other story, or with{' '}
      <code>palimpsest example</code>; then this page shows it.
    </p>
  </>
);

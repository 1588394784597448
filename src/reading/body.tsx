/** A story's body as HTML: nested lists and quotes, statements set off, boxes for what a page cannot show. */
import type { ComponentChildren } from 'preact';
import { byStatement } from '../content/marks.js';
import { type Nested, nest } from '../content/nest.js';
import {
  type Block,
  type Content,
  type EmbedBlock,
  isKnownBlock,
  isRemovedBlock,
  type LeadImage,
  type Statement,
  type TableBlock,
  type TextBlock,
} from '../content/types.js';
import { isWebUrl } from '../content/url.js';
import { TellingOf, Text } from './text.js';
import { Removed, Typed } from './words.js';

/** `imageSources`: origins of the pictures that are shown in place; others are links. */
export function Body({ content, imageSources = [] }: { content: Content; imageSources?: readonly string[] }) {
  const setting = { levels: headingLevels(content.body), imageSources };
  return (
    <>
      {byStatement(content.body, content.statements).map(({ statement, blocks }) => {
        const nested = <Blocks blocks={blocks} setting={setting} />;
        return statement ? <StatementBox statement={statement}>{nested}</StatementBox> : nested;
      })}
    </>
  );
}

export function StatementBox({
  statement,
  children,
}: {
  statement: Omit<Statement, 'id'>;
  children: ComponentChildren;
}) {
  return (
    <section class="statement">
      <header lang="en" dir="ltr">
        Statement by <Typed text={statement.speaker} what="Name" />{' '}
        {statement.organisation !== undefined && (
          <span>
            for <Typed text={statement.organisation} what="organisation" />
          </span>
        )}
      </header>
      {children}
    </section>
  );
}

type Levels = ReadonlyMap<string, number>;

/** What a block is shown by that does not stand in it. */
interface Setting {
  /** Of headings, by block key; without one it is a line in bold. */
  levels: Levels;
  imageSources: readonly string[];
}
const alone: Setting = { levels: new Map(), imageSources: [] };

/** Blocks as the lists and quotes they make up. */
export const Blocks = ({ blocks, setting = alone }: { blocks: readonly Block[]; setting?: Setting }) => (
  <>
    {nest(blocks).map((one) => (
      <NestedBlock nested={one} setting={setting} />
    ))}
  </>
);

/** Headings as they are meant to nest, with no level skipped on the way down from the headline. */
function headingLevels(body: readonly Block[]): Levels {
  const levels = new Map<string, number>();
  let last = 1;
  for (const block of body) {
    if (!isKnownBlock(block) || block._type !== 'block' || !/^h[2-4]$/.test(block.style)) continue;
    last = Math.min(Number(block.style[1]), last + 1);
    levels.set(block._key, last);
  }
  return levels;
}

function NestedBlock({ nested, setting }: { nested: Nested; setting: Setting }) {
  const inside = (children: Nested[]) => children.map((one) => <NestedBlock nested={one} setting={setting} />);
  if (nested.kind === 'quote') return <blockquote>{inside(nested.children)}</blockquote>;
  if (nested.kind === 'block') return <OneBlock block={nested.block} setting={setting} />;
  const items = nested.items.map((item) => <li>{inside(item)}</li>);
  return nested.ordered ? <ol start={nested.start === 1 ? undefined : nested.start}>{items}</ol> : <ul>{items}</ul>;
}

/** A block by itself. */
export function OneBlock({ block, setting = alone }: { block: Block; setting?: Setting }) {
  if (isRemovedBlock(block)) {
    return (
      <p>
        <Removed what="Passage" absence={block.absence} />
      </p>
    );
  }
  if (!isKnownBlock(block)) return <UnknownBox block={block} />;
  switch (block._type) {
    case 'block':
      return <TextElement block={block} level={setting.levels.get(block._key)} />;
    case 'rule':
      return <hr />;
    case 'code':
      return (
        <>
          <pre tabindex={0}>
            <code>{block.code}</code>
          </pre>
          <After block={block} />
        </>
      );
    case 'table':
      return <Table table={block} />;
    case 'image':
      return (
        <>
          <Image image={block} sources={setting.imageSources} />
          <After block={block} />
        </>
      );
    case 'embed':
      return <EmbedLink embed={block} />;
  }
}

const After = ({ block }: { block: Block }) => (
  <TellingOf.Consumer>{(telling) => telling.after(block)}</TellingOf.Consumer>
);

function TextElement({ block, level }: { block: TextBlock; level?: number }) {
  return (
    <Styled style={block.style} level={level}>
      {<Text text={block} />}
    </Styled>
  );
}

/** The element of a text's style; list items and quotes get theirs from around it. */
export function Styled({ style, level, children }: { style: string; level?: number; children: ComponentChildren }) {
  if (!/^h[2-4]$/.test(style)) return <p>{children}</p>;
  if (level === undefined)
    return (
      <p>
        <strong>{children}</strong>
      </p>
    );
  const Heading = `h${level}` as 'h2';
  return <Heading>{children}</Heading>;
}

const places = { left: undefined, center: 'middle', right: 'end' } as const;

function Table({ table: { rows, header, align } }: { table: TableBlock }) {
  const [head, body] = header ? [rows.slice(0, 1), rows.slice(1)] : [[], rows];
  const place = (column: number) => places[align?.[column] ?? 'left'];
  return (
    // What scrolls must be within reach of the keyboard (WCAG 2.1.1).
    <section class="wide" tabindex={0} aria-label="Table">
      <table>
        {head.map(({ cells }) => (
          <thead>
            <tr>
              {cells.map((cell, column) => (
                <th scope="col" class={place(column)}>
                  <Text text={cell} />
                </th>
              ))}
            </tr>
          </thead>
        ))}
        <tbody>
          {body.map(({ cells }) => (
            <tr>
              {cells.map((cell, column) => (
                <td class={place(column)}>
                  <Text text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** No page here asks other places for anything, but for pictures where the publisher's settings say so: else a link. */
export function Image({ image, sources = [] }: { image: LeadImage; sources?: readonly string[] }) {
  const { url, alt, caption, credit } = image;
  const inPlace = isWebUrl(url) && sources.includes(new URL(url).origin);
  return (
    <figure class={inPlace ? undefined : 'embed'}>
      {inPlace ? (
        <img src={url} alt={alt} loading="lazy" decoding="async" />
      ) : (
        <>
          <b>Image</b> <WebLink url={url}>{alt || 'without description'}</WebLink>
        </>
      )}
      {(caption || credit) && (
        <figcaption>
          {caption && <bdi>{caption}</bdi>}
          {caption && credit && ' · '}
          {credit && <bdi>{credit}</bdi>}
        </figcaption>
      )}
    </figure>
  );
}

function EmbedLink({ embed: { url, provider } }: { embed: EmbedBlock }) {
  return (
    <div class="embed">
      <b>Embedded{provider && ' from '}</b>
      {provider && <bdi>{provider}</bdi>} <WebLink url={url}>{url}</WebLink>
    </div>
  );
}

function WebLink({ url, children }: { url: string; children: ComponentChildren }) {
  if (!isWebUrl(url)) return <bdi>{children}</bdi>;
  return (
    <a href={url} rel="noopener noreferrer">
      <bdi>{children}</bdi>
    </a>
  );
}

function UnknownBox({ block }: { block: Block }) {
  const { _type, _key, statement, ...members } = block as { [member: string]: unknown };
  return (
    <div class="unknown">
      <b>
        Content of the type <bdi>{String(_type)}</bdi>
      </b>
      , which this page cannot show
      <details>
        <summary>What it holds</summary>
        <pre tabindex={0} dir="ltr">
          {JSON.stringify(members, null, 2)}
        </pre>
      </details>
    </div>
  );
}

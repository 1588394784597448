/** The blocks of a comparison in order: changed ones marked, runs of unchanged ones folded away, statements whole. */
import type { ComponentChildren } from 'preact';
import type { BlockChange, BlockSide, Comparison } from '../compare/types.js';
import { type Block, isKnownBlock } from '../content/types.js';
import { Blocks, OneBlock, StatementBox, Styled } from './body.js';
import { BeforeAndAfter } from './fields.js';
import { Runs } from './runs.js';
import { plural } from './times.js';
import { Removed } from './words.js';

interface Group {
  /** Neighbours that were all left alone, all added or all removed make one group; any other change is its own. */
  kind: 'unchanged' | 'added' | 'removed' | 'changed';
  /** Added or removed with it. */
  statement?: string;
  changes: BlockChange[];
}

export function Changes({ comparison }: { comparison: Comparison }) {
  const { blocks, statements } = comparison;
  const named = new Map([...statements.removed, ...statements.added].map((one) => [one.id, one]));
  return (
    <>
      {groupsOf(comparison).map(({ kind, statement, changes }) => {
        if (kind === 'unchanged') return <Unchanged changes={changes} />;
        if (kind === 'changed') return <Change change={changes[0]!} all={blocks} />;
        const inside = <Blocks blocks={changes.map((change) => sideOf(change).block)} />;
        const of = statement === undefined ? undefined : named.get(statement);
        return (
          <div class={kind === 'added' ? 'block new' : 'block gone'}>
            <small>
              {of && 'Statement '}
              {of ? kind : titles[kind]}
            </small>
            {of ? <StatementBox statement={of}>{inside}</StatementBox> : inside}
          </div>
        );
      })}
    </>
  );
}

/** The side that is shown: after, or before if there is no after. */
const sideOf = ({ before, after }: BlockChange): BlockSide => (after[0] ?? before[0])!;

function groupsOf({ blocks, statements }: Comparison): Group[] {
  const whole = new Set([...statements.added, ...statements.removed].map(({ id }) => id));
  const groups: Group[] = [];
  for (const change of blocks) {
    const { statement: of } = sideOf(change);
    const kind = change.kind === 'same' && !change.moved ? 'unchanged' : change.kind;
    const grouped = kind === 'unchanged' || kind === 'added' || kind === 'removed' ? kind : 'changed';
    const statement = grouped !== 'unchanged' && of !== undefined && whole.has(of) ? of : undefined;
    const last = groups.at(-1);
    if (last && grouped !== 'changed' && last.kind === grouped && last.statement === statement) {
      last.changes.push(change);
    } else groups.push({ kind: grouped, ...(statement !== undefined && { statement }), changes: [change] });
  }
  return groups;
}

/** One unchanged passage is shown for its sense; several are folded. */
function Unchanged({ changes }: { changes: BlockChange[] }) {
  const blocks = changes.map((change) => sideOf(change).block);
  const shown = (
    <div class="block">
      <Blocks blocks={blocks} />
    </div>
  );
  if (blocks.length === 1) return shown;
  const plain = blocks.every((block) => isKnownBlock(block) && block._type === 'block' && !/^h/.test(block.style));
  return (
    <details>
      <summary class="quiet">{plural(blocks.length, plain ? 'paragraph' : 'passage')} unchanged</summary>
      {shown}
    </details>
  );
}

const titles = {
  added: 'Added',
  removed: 'Removed',
  split: 'Split into several',
  merged: 'Merged into one',
  reformatted: 'Formatting changed',
} as const;

function Change({ change, all }: { change: BlockChange; all: readonly BlockChange[] }) {
  const { kind, moved } = change;
  const { block } = sideOf(change);
  const title = kind in titles ? titles[kind as keyof typeof titles] : undefined;
  return (
    <div class={moved ? 'block moved' : 'block'}>
      {moved && (
        <small>
          Moved {moved.direction} <MovedFrom before={all[moved.stoodAfter]} />
        </small>
      )}
      {title && <small>{title}</small>}
      <Item block={block}>
        <Changed change={change} />
      </Item>
    </div>
  );
}

function MovedFrom({ before }: { before: BlockChange | undefined }) {
  if (!before) return <>(it stood first)</>;
  const words = beginningOf(sideOf(before).block);
  return words ? (
    <>
      (it stood after “<bdi>{words}</bdi>”)
    </>
  ) : null;
}

/** The first words of a text. */
function beginningOf(block: Block): string | undefined {
  if (!isKnownBlock(block) || block._type !== 'block') return undefined;
  const text = block.children
    .map((span) => span.text)
    .join('')
    .trim();
  const words = text.split(/\s+/, 6).join(' ').slice(0, 60);
  return words && words.length < text.length ? `${words} …` : words;
}

function Item({ block, children }: { block: Block; children: ComponentChildren }) {
  const { listItem, style } = block as { listItem?: string; style?: string };
  const inner = style === 'blockquote' ? <blockquote>{children}</blockquote> : children;
  return listItem && block._type === 'block' ? (
    <ul>
      <li>{inner}</li>
    </ul>
  ) : (
    inner
  );
}

function Changed({ change }: { change: BlockChange }) {
  const { runs, members, absent, before, after } = change;
  const { block } = sideOf(change);
  if (absent) {
    return (
      <p>
        <Removed what="This passage can’t be compared: one side of it is" absence={absent} />
      </p>
    );
  }
  const text = runs && <RunsOf block={block}>{<Runs runs={runs} />}</RunsOf>;
  const differing = members?.map((member) => (
    <p class="meta">
      <bdi>{member.name}</bdi>: <BeforeAndAfter before={member.before} after={member.after} what={member.name} />
    </p>
  ));
  const style = before[0]?.block as { style?: string } | undefined;
  const restyled =
    before.length === 1 && after.length === 1 && style?.style !== (block as { style?: string }).style ? (
      <p class="meta">
        Style: <BeforeAndAfter before={style?.style} after={(block as { style?: string }).style} what="style" />
      </p>
    ) : null;
  return (
    <>
      {text ?? <OneBlock block={block} />}
      {differing}
      {restyled}
    </>
  );
}

function RunsOf({ block, children }: { block: Block; children: ComponentChildren }) {
  if (block._type !== 'block') return <pre tabindex={0}>{children}</pre>;
  return <Styled style={(block as { style: string }).style}>{children}</Styled>;
}

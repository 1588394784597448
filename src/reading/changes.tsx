/**
 * The blocks of a comparison in order: changed ones marked, in place or before and after side by side, runs of unchanged
 * ones folded away, statements whole. Where a passage moved, either place leads to the other.
 */
import type { ComponentChildren } from 'preact';
import { isRespaced } from '../compare/shown-text.js';
import type { BlockChange, BlockSide, Comparison, StatementRef } from '../compare/types.js';
import { type Block, isKnownBlock } from '../content/types.js';
import { Blocks, StatementBox } from './body.js';
import { Changed, formattingIn } from './changed.js';
import { cameFrom, type Shown, type Side, wentTo } from './runs.js';
import { plural } from './times.js';
import { Typed } from './words.js';

interface Group {
  /**
   * Neighbours that were all left alone, all added, all removed or that moved together make one group; any other change is
   * its own. `left`: the place that passages moved away from.
   */
  kind: 'unchanged' | 'added' | 'removed' | 'moved' | 'changed' | 'left';
  /** Added or removed with it. */
  statement?: string;
  changes: BlockChange[];
}

export interface ChangesProps {
  comparison: Comparison;
  beside?: boolean;
}

export function Changes({ comparison, beside = false }: ChangesProps) {
  const { blocks, statements, moves } = comparison;
  const named = new Map([...statements.removed, ...statements.added].map((one) => [one.id, one]));
  const speakers = new Map(statements.changed.map(({ after }) => [after.id, after]));
  const places = new Map(blocks.map((change, index) => [change, index]));
  const shown: Shown = { moves, named: new Set() };
  const placeOf = (change: BlockChange) => `passage-${places.get(change)! + 1}`;
  const told = groupsOf(comparison).map(({ kind, statement, changes }) => {
    if (kind === 'unchanged') return <Unchanged changes={changes} />;
    if (kind === 'left') return <Left changes={changes} placeOf={placeOf} beside={beside} />;
    if (kind === 'changed' || kind === 'moved') {
      const speaker = speakers.get(sideOf(changes[0]!).statement ?? '');
      const place = placeOf(changes[0]!);
      return <Changing changes={changes} shown={shown} beside={beside} place={place} speaker={speaker} />;
    }
    const inside = <Blocks blocks={changes.map((change) => sideOf(change).block)} />;
    const of = statement === undefined ? undefined : named.get(statement);
    const whole = (
      <div class={kind === 'added' ? 'block new' : 'block gone'}>
        <small>
          {of && 'Statement '}
          {of ? kind : titles[kind]}
        </small>
        {of ? <StatementBox statement={of}>{inside}</StatementBox> : inside}
      </div>
    );
    if (!beside) return whole;
    return kind === 'added' ? <Pair after={whole} /> : <Pair before={whole} />;
  });
  if (!beside) return <>{told}</>;
  return (
    <div class="pairs">
      <div class="pair heads" aria-hidden="true">
        <b>Before</b>
        <b>After</b>
      </div>
      {told}
    </div>
  );
}

const Pair = ({ before, after }: { before?: ComponentChildren; after?: ComponentChildren }) => (
  <div class="pair">
    <div>
      {before && <span class="hidden">Before: </span>}
      {before}
    </div>
    <div>
      {after && <span class="hidden">After: </span>}
      {after}
    </div>
  </div>
);

/** The side that is shown: after, or before if there is no after. */
const sideOf = ({ before, after }: BlockChange): BlockSide => (after[0] ?? before[0])!;

function groupsOf({ blocks, statements }: Comparison): Group[] {
  const whole = new Set([...statements.added, ...statements.removed].map(({ id }) => id));
  const gone = Map.groupBy(
    blocks.filter(({ moved }) => moved).sort((one, other) => one.before[0]!.index - other.before[0]!.index),
    ({ moved }) => moved!.stoodAfter,
  );
  const groups: Group[] = [];
  const tellLeft = (place: number) => {
    const changes = gone.get(place);
    if (changes) groups.push({ kind: 'left', changes });
  };
  tellLeft(-1);
  for (const [place, change] of blocks.entries()) {
    const { statement: of } = sideOf(change);
    const kind = change.kind === 'same' && !change.moved ? 'unchanged' : change.kind;
    // What was added or removed but for a sentence that moved is told by its runs.
    const plain = kind === 'unchanged' || ((kind === 'added' || kind === 'removed') && !change.runs);
    const grouped = plain ? (kind as Group['kind']) : change.moved ? 'moved' : 'changed';
    const statement = grouped !== 'unchanged' && of !== undefined && whole.has(of) ? of : undefined;
    const last = groups.at(-1);
    const together = grouped !== 'moved' || (last && movedTogether(last.changes.at(-1)!, change));
    if (last && grouped !== 'changed' && last.kind === grouped && last.statement === statement && together) {
      last.changes.push(change);
    } else groups.push({ kind: grouped, ...(statement !== undefined && { statement }), changes: [change] });
    tellLeft(place);
  }
  return groups;
}

/** Neighbours before as well as after. */
const movedTogether = (one: BlockChange, next: BlockChange): boolean =>
  one.moved !== undefined && next.moved !== undefined && one.before.at(-1)!.index + 1 === next.before[0]!.index;

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
      <summary class="quiet">
        {plural(blocks.length, plain ? 'paragraph' : 'passage')} unchanged
        <span class="fold">
          {' '}
          · <span class="show">show</span>
        </span>
      </summary>
      {shown}
    </details>
  );
}

/** Where passages stood that are elsewhere now; those that moved together in one line. */
function Left({
  changes,
  placeOf,
  beside,
}: {
  changes: BlockChange[];
  placeOf(change: BlockChange): string;
  beside: boolean;
}) {
  const together: BlockChange[][] = [];
  for (const change of changes) {
    const last = together.at(-1);
    if (last && movedTogether(last.at(-1)!, change)) last.push(change);
    else together.push([change]);
  }
  return (
    <>
      {together.map((group) => {
        const [first, ...more] = group as [BlockChange, ...BlockChange[]];
        const words = beginningOf(first.before[0]!.block);
        const left = (
          <p class="left" id={`${placeOf(first)}-before`}>
            <a href={`#${placeOf(first)}`}>{wentTo[first.moved!.direction]}</a>
            {words && (
              <>
                {' '}
                “<bdi>{words}</bdi>”
              </>
            )}
            {more.length > 0 && ` and ${plural(more.length, 'passage')} more`}
          </p>
        );
        return beside ? <Pair before={left} /> : left;
      })}
    </>
  );
}

const titles: Partial<Record<BlockChange['kind'], string>> = {
  added: 'Added',
  removed: 'Removed',
  split: 'Split into several',
  merged: 'Merged into one',
};

function titleOf(change: BlockChange): string | undefined {
  if (change.kind !== 'reformatted') return titles[change.kind];
  const what = isRespaced(change) ? 'spacing changed' : formattingIn(change).join(', ');
  return what ? `Same words; ${what}` : 'Same words';
}

interface ChangingProps {
  /** One, or several that moved together. */
  changes: BlockChange[];
  shown: Shown;
  beside: boolean;
  place: string;
  /** Of the statement that the first belongs to. */
  speaker: StatementRef | undefined;
}

function Changing({ changes, shown, beside, place, speaker }: ChangingProps) {
  const [{ moved }] = changes as [BlockChange];
  const notes = (
    <>
      {moved && (
        <small>
          <a href={`#${place}-before`}>{cameFrom[moved.direction]}</a>
        </small>
      )}
      {speaker && (
        <small>
          In the statement by <Typed text={speaker.speaker} what="Name" />
        </small>
      )}
    </>
  );
  const box = (side?: Side) => (
    <div class={moved ? 'block moved' : 'block'} id={side === 'before' ? undefined : place}>
      {side === 'before' ? null : notes}
      {changes.map((change) => (
        <One change={change} shown={shown} side={side} />
      ))}
    </div>
  );
  if (!beside) return box();
  const has = (side: Side) => changes.some((change) => change[side].length > 0);
  return (
    <Pair
      before={has('before') ? box('before') : undefined}
      after={has('after') ? box('after') : <div id={place}>{notes}</div>}
    />
  );
}

function One({ change, shown, side }: { change: BlockChange; shown: Shown; side: Side | undefined }) {
  const block = side ? change[side][0]?.block : sideOf(change).block;
  if (!block) return null;
  const title = side === 'before' ? undefined : titleOf(change);
  return (
    <>
      {title && <small>{title}</small>}
      <Item block={block}>
        <Changed change={change} block={block} shown={side ? { ...shown, side } : shown} />
      </Item>
    </>
  );
}

/** The first words of a text. */
function beginningOf(block: Block): string | undefined {
  if (!isKnownBlock(block) || block._type !== 'block') return undefined;
  const text = block.children
    .map((span) => span.text)
    .join('')
    // It is quoted.
    .replace(/^[\s“”"„«‘']+/, '')
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

/** What changed within one block: words, cells of a table, members of whatever is more than text, style. */
import type { ComponentChildren } from 'preact';
import type { BlockChange, Mark, MemberChange, RowChange } from '../compare/types.js';
import { type Block, isKnownBlock } from '../content/types.js';
import { OneBlock, Styled } from './body.js';
import { BeforeAndAfter } from './fields.js';
import { Runs, type Shown } from './runs.js';
import { plural } from './times.js';
import { Removed } from './words.js';

const styleNames: Record<string, string> = {
  normal: 'paragraph',
  blockquote: 'quotation',
  h2: 'heading',
  h3: 'heading of the second level',
  h4: 'heading of the third level',
};

interface ChangedProps {
  change: BlockChange;
  /** The one that is shown, of either side. */
  block: Block;
  shown: Shown;
}

export function Changed({ change, block, shown }: ChangedProps) {
  const { runs, rows, members = [], absent, before, after } = change;
  const { side } = shown;
  if (absent) {
    return (
      <p>
        <Removed what="This passage can’t be compared: one side of it is" absence={absent} />
      </p>
    );
  }
  const style = (one: Block | undefined) => (one as { style?: string } | undefined)?.style;
  const [was, is] = [style(before[0]?.block), style(after[0]?.block)];
  const restyled = before.length === 1 && after.length === 1 && was !== is && side !== 'before';
  return (
    <>
      <Text block={block} change={change}>
        {rows ? <Rows block={block} rows={rows} shown={shown} /> : runs && <Runs runs={runs} shown={shown} />}
      </Text>
      {side !== 'before' && members.map((member) => <Member member={member} shown={{ ...shown, side: undefined }} />)}
      {restyled && (
        <p class="meta">
          Style: <BeforeAndAfter before={was && styleNames[was]} after={is && styleNames[is]} what="style" />
        </p>
      )}
    </>
  );
}

/** What of a text's formatting changed, in the order in which it is told; none where its style says it already. */
export function formattingIn({ runs, rows, before, after }: BlockChange): string[] {
  const told = new Set<string>();
  for (const run of [...(runs ?? []), ...(rows ?? []).flatMap(({ cells }) => cells.flatMap((cell) => cell.runs))]) {
    if (!run.marksBefore) continue;
    const [was, is] = [run.marksBefore, run.marks].map((marks) => new Map(marks.map((mark) => [nameOf(mark), mark])));
    for (const name of new Set([...was!.keys(), ...is!.keys()])) {
      if (!was!.has(name)) told.add(`${name} added`);
      else if (!is!.has(name)) told.add(`${name} removed`);
      else if (name === 'link' && JSON.stringify(was!.get(name)) !== JSON.stringify(is!.get(name)))
        told.add('link changed');
    }
  }
  const [was, is] = [before[0]?.block, after[0]?.block] as { listItem?: string; level?: number }[];
  if (was && is && was.listItem !== is.listItem)
    told.add(`${listNames[was.listItem ?? '']} made ${listNames[is.listItem ?? '']}`);
  else if (was && is && was.level !== is.level) told.add('level in its list changed');
  return [...told];
}

const listNames: Record<string, string> = {
  '': 'a paragraph',
  bullet: 'an item of a list',
  number: 'an item of a numbered list',
};

const markNames: Record<string, string> = {
  strong: 'bold',
  em: 'italics',
  underline: 'underline',
  'strike-through': 'strike-through',
  code: 'code',
};
const nameOf = (mark: Mark): string => (typeof mark === 'string' ? (markNames[mark] ?? 'mark') : 'link');

function Text({ block, change, children }: { block: Block; change: BlockChange; children: ComponentChildren }) {
  if (change.rows) return <>{children}</>;
  if (!change.runs) return <OneBlock block={block} />;
  if (block._type !== 'block') return <pre tabindex={0}>{children}</pre>;
  return <Styled style={(block as { style: string }).style}>{children}</Styled>;
}

const Member = ({ member: { name, before, after, runs }, shown }: { member: MemberChange; shown: Shown }) => (
  <p class="meta">
    <bdi>{name}</bdi>:{' '}
    {runs ? <Runs runs={runs} shown={shown} /> : <BeforeAndAfter before={before} after={after} what={name} />}
  </p>
);

const rowKinds = { added: 'new', removed: 'gone', edited: undefined, reformatted: undefined, same: undefined };

function Rows({ block, rows, shown }: { block: Block; rows: readonly RowChange[]; shown: Shown }) {
  const { side } = shown;
  const header = isKnownBlock(block) && block._type === 'table' && block.header === true;
  const seen = folded(
    rows.filter((row) => !side || row[side] !== undefined),
    header,
  );
  return (
    // What scrolls must be within reach of the keyboard (WCAG 2.1.1).
    <section class="wide" tabindex={0} aria-label="Table">
      <table>
        <tbody>
          {seen.map((row) => {
            if (typeof row === 'number') {
              return (
                <tr>
                  <td class="meta" colspan={Math.max(...rows.map(({ cells }) => cells.length))}>
                    {plural(row, 'row')} unchanged
                  </td>
                </tr>
              );
            }
            const { kind, cells, moved, before, after } = row;
            return (
              <tr class={rowKinds[kind]}>
                {cells.map(({ runs }, column) => {
                  const inner = (
                    <>
                      {moved && column === 0 && side !== 'before' && <span class="meta">(row moved) </span>}
                      <Runs runs={runs} shown={shown} />
                    </>
                  );
                  return header && (after ?? before) === 0 ? <th scope="col">{inner}</th> : <td>{inner}</td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Of several unchanged rows together only how many they are; the header always stands. */
function folded(rows: readonly RowChange[], header: boolean): (RowChange | number)[] {
  const told: (RowChange | number)[] = [];
  let quiet: RowChange[] = [];
  const tell = () => {
    told.push(...(quiet.length > 2 ? [quiet.length] : quiet));
    quiet = [];
  };
  for (const [at, row] of rows.entries()) {
    if (row.kind === 'same' && !row.moved && !(header && at === 0)) quiet.push(row);
    else {
      tell();
      told.push(row);
    }
  }
  tell();
  return told;
}

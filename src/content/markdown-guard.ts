/**
 * Looks at Markdown before it is parsed and refuses what would cost the parser far more than its size suggests (tens of
 * thousands of unclosed `*` or `[` in one paragraph, markers nested by the hundred). What people write is far below.
 */
import type { Findings } from './check.js';
import { limits } from './limits.js';

const maxLines = 30_000;
/**
 * The parser's time grows with the square of the delimiters and of the lines that stand together, with their length for
 * each different run of backticks, and with the square of the number of such groups. 2 × 10⁷ units took about a second.
 */
const budget = 2e7;
const costOf = (group: Group): number =>
  group.delimiters ** 2 + group.lines ** 2 + (group.ticks.size * group.characters) / 2;
const costOfGroups = (count: number): number => count ** 2 / 8;

interface Group {
  first: number;
  lines: number;
  characters: number;
  delimiters: number;
  /** Lengths of the runs of backticks. */
  ticks: Set<number>;
}

/** Starts of blocks that end a paragraph before them wherever they stand. */
const newBlock = /^ {0,3}(?:[-*+][ \t]|#{1,6}[ \t])/;
const delimiterRow = /^ {0,3}\|[ \t:|-]*-[ \t:|-]*$/;
const rule = /^[ \t]*([-*_])(?:[ \t]*\1)+[ \t]*$/;
const item = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const nested = new RegExp(`^(?:[ \\t]*(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))){${limits.depth + 1}}`);

/** Codes: `too-complex`, `too-deep`. True if the source may be parsed. */
export function mayParse(source: string, pointer: string, found: Findings): boolean {
  const lines = source.split('\n');
  const faults = found.faults.length;
  if (lines.length > maxLines)
    found.fault(pointer, 'too-complex', `${lines.length} lines; Markdown may have at most ${maxLines}.`);
  const deep = tooDeep(lines);
  if (deep >= 0)
    found.fault(pointer, 'too-deep', `Line ${deep + 1}: lists and quotes may be nested ${limits.depth} levels deep.`);
  const heavy = tooHeavy(lines);
  if (heavy >= 0)
    found.fault(
      pointer,
      'too-complex',
      `Around line ${heavy + 1}: too many marks or lines without a blank line between.`,
    );
  return found.faults.length === faults;
}

/** Index of the line, -1 for none. Lists are told by their indentation; the tree itself is checked once there is one. */
function tooDeep(lines: readonly string[]): number {
  const columns: number[] = [];
  return lines.findIndex((line) => {
    const indent = item.exec(line)?.[1];
    if (indent === undefined) return nested.test(line);
    if (rule.test(line)) return false;
    const column = indent.replaceAll('\t', '    ').length;
    while (columns.length > 0 && columns.at(-1)! >= column) columns.pop();
    return columns.push(column) > limits.depth || nested.test(line);
  });
}

/** Index of the line at which the budget is spent, -1 for none. */
function tooHeavy(lines: readonly string[]): number {
  let cost = 0;
  let groups = 0;
  let group: Group | undefined;
  let table = false;
  for (const [i, line] of [...lines, ''].entries()) {
    const blank = line.trim() === '';
    table = line.startsWith('|') && (table || (group?.lines === 1 && delimiterRow.test(line)));
    if (group && (blank || table || newBlock.test(line))) {
      cost += costOf(group);
      groups += 1;
      if (cost + costOfGroups(groups) > budget) return group.first;
      group = undefined;
    }
    if (blank) continue;
    group ??= { first: i, lines: 0, characters: 0, delimiters: 0, ticks: new Set() };
    group.lines += 1;
    group.characters += line.length;
    group.delimiters += line.match(/[*_~[]/g)?.length ?? 0;
    for (const run of line.match(/`+/g) ?? []) group.ticks.add(run.length);
  }
  return -1;
}

/**
 * Looks at Markdown before it is parsed and refuses what would cost the parser far more than its size suggests (tens of
 * thousands of unclosed `*` or `[` in one paragraph, markers nested by the hundred). What people write is far below.
 */
import type { Findings } from './check.js';
import { limits } from './limits.js';

/**
 * The parser's time grows with the square of the delimiters and lines that stand together and, more slowly, of the
 * number of such groups. 2 × 10⁷ of these units took about a second when measured.
 */
const budget = 2e7;
const groupWeight = 1 / 8;
const maxLines = 30_000;
/** Columns of indentation that twenty levels of list can need. */
const maxIndent = limits.depth * 4 + 4;

const nested = new RegExp(`^(?:[ \\t]*(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))){${limits.depth + 1}}`);
const indented = new RegExp(`^[ \\t]{${maxIndent},}(?:>|(?:[-*+]|\\d{1,9}[.)])(?:[ \\t]|$))`);
const rule = /^[ \t]*([-*_])(?:[ \t]*\1)+[ \t]*$/;
/** Starts that end a paragraph before them wherever they stand. */
const newBlock = /^ {0,3}(?:[-*+][ \t]|#{1,6}[ \t])/;
const delimiterRow = /^ {0,3}\|[ \t:|-]*-[ \t:|-]*$/;

/** Codes: `too-complex`, `too-deep`. True if the source may be parsed. */
export function mayParse(source: string, pointer: string, found: Findings): boolean {
  const lines = source.split('\n');
  const faults = found.faults.length;
  if (lines.length > maxLines)
    found.fault(pointer, 'too-complex', `${lines.length} lines; Markdown may have at most ${maxLines}.`);
  const deep = lines.findIndex((line) => (nested.test(line) || indented.test(line)) && !rule.test(line));
  if (deep >= 0)
    found.fault(
      pointer,
      'too-deep',
      `Line ${deep + 1}: lists and quotes may be nested ${limits.depth} levels deep at most.`,
    );
  const heavy = found.faults.length === faults ? tooHeavy(lines) : undefined;
  if (heavy !== undefined)
    found.fault(pointer, 'too-complex', `Around line ${heavy}: too many marks or lines without a blank line between.`);
  return found.faults.length === faults;
}

/** The line at which the budget is spent, 1-based. */
function tooHeavy(lines: readonly string[]): number | undefined {
  let cost = 0;
  let groups = 0;
  let delimiters = 0;
  let together = 0;
  let table = false;
  for (const [i, line] of lines.entries()) {
    const blank = line.trim() === '';
    if (table && !line.startsWith('|')) table = false;
    if (delimiterRow.test(line) && together === 1) table = true;
    if (blank || table || newBlock.test(line)) {
      groups += together > 0 ? 1 : 0;
      delimiters = 0;
      together = 0;
    }
    if (blank) continue;
    // The cost so far holds the square of this group up to the line before: add what this line makes of it.
    const more = line.match(/[*_~[]/g)?.length ?? 0;
    cost += more * (2 * delimiters + more) + 2 * together + 1;
    delimiters += more;
    together += 1;
    if (cost + groups * groups * groupWeight > budget) return i + 1;
  }
  return undefined;
}

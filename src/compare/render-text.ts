/**
 * A comparison as plain text with word marks ([-deleted-]{+inserted+}, as wdiff has them) or coloured for a terminal. A
 * sentence that moved is marked where it was and where it is, with the same number: [-…-](1↓) and {+…+}(↓1).
 */
import type { Absent, Json } from '../content/types.js';
import { absentText, isRespaced, lead, plainText, valueText } from './shown-text.js';
import type { BlockChange, Comparison, FieldChange, Run } from './types.js';

/** How each kind of text is set off. Each function gets text without line ends. */
export interface Palette {
  inserted: (text: string) => string;
  deleted: (text: string) => string;
  /** Notes of ours: headings, "moved", "split". */
  note: (text: string) => string;
  /** What stayed; as it is by default. */
  kept?: (text: string) => string;
}

export const wordMarks: Palette = {
  inserted: (text) => `{+${text}+}`,
  deleted: (text) => `[-${text}-]`,
  note: (text) => text,
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them.
const visible = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
const sgr = (on: string, off: string) => (text: string) => `\u001b[${on}m${visible(text)}\u001b[${off}m`;

/** For terminals (ECMA-48). Underlined and struck out as well: nothing depends on colour alone. */
export const ansi: Palette = {
  inserted: sgr('32;4', '24;39'),
  deleted: sgr('31;9', '29;39'),
  note: sgr('2', '22'),
  kept: visible,
};

export interface TextOptions {
  /** `wordMarks` unless given; for a terminal one that colours. */
  palette?: Palette;
  /** Unchanged blocks shown around a change; all by default. */
  context?: number;
}

/** Ends with a line end. The first line is the summary's sentence. */
export function renderText(comparison: Comparison, { palette = wordMarks, context }: TextOptions = {}): string {
  const paragraphs = [palette.note(comparison.summary.sentence)];
  for (const field of comparison.fields) paragraphs.push(fieldText(field, palette));
  const { blocks } = comparison;
  const near = (i: number) =>
    context === undefined || blocks.slice(Math.max(0, i - context), i + context + 1).some(differs);
  let skipped = 0;
  const tellSkipped = () => {
    if (skipped > 0) paragraphs.push(palette.note(`… ${skipped} unchanged`));
    skipped = 0;
  };
  blocks.forEach((change, i) => {
    if (!near(i)) {
      skipped++;
      return;
    }
    tellSkipped();
    paragraphs.push(blockText(change, palette, comparison));
  });
  tellSkipped();
  return `${paragraphs.join('\n\n')}\n`;
}

const differs = ({ kind, moved }: BlockChange): boolean => kind !== 'same' || moved !== undefined;

function fieldText({ name, member, before, after, runs }: FieldChange, palette: Palette): string {
  const label = palette.note(`${member === undefined ? name : `${name}.${member}`}:`);
  return `${label} ${runs ? runsText(runs, palette, []) : valuesText(before, after, palette)}`;
}

function valuesText(before: Json | Absent | undefined, after: Json | Absent | undefined, palette: Palette): string {
  return [
    before === undefined ? '' : lines(valueText(before), palette.deleted),
    after === undefined ? '' : lines(valueText(after), palette.inserted),
  ].join('');
}

function blockText(change: BlockChange, palette: Palette, { moves }: Comparison): string {
  const stayed = palette.kept ?? ((text: string) => text);
  const { kind, before, after, runs, rows, members, moved, absent } = change;
  const notes: string[] = [];
  if (moved) notes.push(`moved ${moved.direction}`);
  if (kind === 'split' || kind === 'merged' || kind === 'reformatted')
    notes.push(isRespaced(change) ? 'respaced' : kind);
  const note = notes.length > 0 ? `${palette.note(`(${notes.join(', ')})`)} ` : '';
  if (absent && kind === 'edited') return `${note}${absentText(absent)}`;
  if (rows) {
    const told = rows.map(({ cells }) => cells.map((cell) => runsText(cell.runs, palette, moves)).join('\t'));
    return `${note}${told.join('\n')}`;
  }
  if (runs) return `${note}${lead((after[0] ?? before[0]!).block)}${runsText(runs, palette, moves)}`;
  if (members) {
    const told = members.map(
      ({ name, before, after, runs }) =>
        `${name}: ${runs ? runsText(runs, palette, moves) : valuesText(before, after, palette)}`,
    );
    return `${note}[${after[0]!.block._type}] ${told.join('; ')}`;
  }
  const shown = (after[0] ?? before[0]!).block;
  const set = kind === 'added' ? palette.inserted : kind === 'removed' ? palette.deleted : stayed;
  return `${note}${lines(plainText(shown), set)}`;
}

// Marks never run over a line end.
const lines = (text: string, set: (text: string) => string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : set(line)))
    .join('\n');

// Runs that differ only in their marks are one here. A boundary between blocks is a pilcrow.
function runsText(runs: readonly Run[], palette: Palette, moves: Comparison['moves']): string {
  const told: { op: Run['op']; text: string; moved?: number }[] = [];
  for (const { op, text, boundary, moved } of runs) {
    const last = told.at(-1);
    const shown = boundary ? '¶' : text;
    if (last?.op === op && last.moved === moved) last.text += shown;
    else told.push({ op, text: shown, ...(moved !== undefined && { moved }) });
  }
  return told
    .map(({ op, text, moved }) => {
      if (op === 'kept') return palette.kept ? palette.kept(text) : text;
      const move = moved === undefined ? undefined : moves[moved];
      if (!move) return lines(text, palette[op]);
      const sign = move.direction === 'up' ? '↑' : '↓';
      if (op === 'deleted') return `${lines(text, palette.deleted)}${palette.note(`(${moved! + 1}${sign})`)}`;
      // Where it came to it is told with what was edited on the way.
      const inner = move.edited ? runsText(move.runs, palette, []) : lines(text, palette.inserted);
      return `${inner}${palette.note(`(${sign}${moved! + 1})`)}`;
    })
    .join('');
}

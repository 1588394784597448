/** A comparison as plain text with word marks ([-deleted-]{+inserted+}, as wdiff has them) or coloured for a terminal. */
import { type Absent, type Block, isAbsent, type Json, type TextBlock } from '../content/types.js';
import { read } from './blocks.js';
import type { BlockChange, Comparison, FieldChange, Run } from './types.js';

/** How each kind of text is set off. Each function gets text without line ends. */
export interface Palette {
  inserted: (text: string) => string;
  deleted: (text: string) => string;
  /** Notes of ours: headings, "moved", "split". */
  note: (text: string) => string;
}

export const wordMarks: Palette = {
  inserted: (text) => `{+${text}+}`,
  deleted: (text) => `[-${text}-]`,
  note: (text) => text,
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
    paragraphs.push(blockText(change, palette));
  });
  tellSkipped();
  return `${paragraphs.join('\n\n')}\n`;
}

const differs = ({ kind, moved }: BlockChange): boolean => kind !== 'same' || moved !== undefined;

function fieldText({ name, member, before, after, runs }: FieldChange, palette: Palette): string {
  const label = palette.note(`${member === undefined ? name : `${name}.${member}`}:`);
  return `${label} ${runs ? runsText(runs, palette) : valuesText(before, after, palette)}`;
}

function valuesText(before: Json | Absent | undefined, after: Json | Absent | undefined, palette: Palette): string {
  const show = (value: Json | Absent) =>
    isAbsent(value) ? absentText(value._absent) : typeof value === 'string' ? value : JSON.stringify(value);
  return [
    before === undefined ? '' : lines(show(before), palette.deleted),
    after === undefined ? '' : lines(show(after), palette.inserted),
  ].join('');
}

function blockText(change: BlockChange, palette: Palette): string {
  const { kind, before, after, runs, members, moved, absent } = change;
  const notes: string[] = [];
  if (moved) notes.push(`moved ${moved.direction}`);
  if (kind === 'split' || kind === 'merged' || kind === 'reformatted') notes.push(kind);
  const note = notes.length > 0 ? `${palette.note(`(${notes.join(', ')})`)} ` : '';
  if (absent && kind === 'edited') return `${note}${absentText(absent)}`;
  if (runs) return `${note}${lead((after[0] ?? before[0]!).block)}${runsText(runs, palette)}`;
  if (members) {
    const told = members.map(({ name, before, after }) => `${name}: ${valuesText(before, after, palette)}`);
    return `${note}[${after[0]!.block._type}] ${told.join('; ')}`;
  }
  const shown = (after[0] ?? before[0]!).block;
  const set = kind === 'added' ? palette.inserted : kind === 'removed' ? palette.deleted : (text: string) => text;
  return `${note}${lines(plainText(shown), set)}`;
}

// Marks never run over a line end.
const lines = (text: string, set: (text: string) => string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : set(line)))
    .join('\n');

// Runs that differ only in their marks are one here. A boundary between blocks is a pilcrow.
function runsText(runs: readonly Run[], palette: Palette): string {
  const told: { op: Run['op']; text: string }[] = [];
  for (const { op, text, boundary } of runs) {
    const last = told.at(-1);
    const shown = boundary ? '¶' : text;
    if (last?.op === op) last.text += shown;
    else told.push({ op, text: shown });
  }
  return told.map(({ op, text }) => (op === 'kept' ? text : lines(text, palette[op]))).join('');
}

function lead(block: Block): string {
  if (block._type !== 'block') return '';
  const { style, listItem, level } = block as TextBlock;
  if (listItem) return `${'  '.repeat(Math.max(0, (level ?? 1) - 1))}${listItem === 'bullet' ? '-' : '#'} `;
  return style === 'blockquote' ? '> ' : style === 'normal' ? '' : `${'#'.repeat(Number(style[1]))} `;
}

function plainText(block: Block): string {
  if (block._type === 'removed') return absentText((block as { absence: string }).absence);
  if (block._type === 'rule') return '---';
  const { text } = read(block);
  if (block._type === 'block' || block._type === 'code' || block._type === 'table') return `${lead(block)}${text}`;
  const url = (block as { url?: unknown }).url;
  return [`[${block._type}]`, typeof url === 'string' ? url : '', text.replaceAll('\n', ' · ')]
    .filter(Boolean)
    .join(' ');
}

const absentText = (absence: string): string => `(a removed text: ${absence})`;

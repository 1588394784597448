/**
 * Checks that everything typed must pass, and the list of faults they write to. A fault says where (RFC 6901), which rule
 * (a stable code) and names the limit.
 */
import { limits } from './limits.js';
import type { Dropped, Fault, Json, Parsed } from './types.js';

export type JsonObject = { [name: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `pointer` one step deeper (RFC 6901). */
export const at = (pointer: string, step: string | number): string =>
  `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Line ends as they are kept: `\r\n` and `\r` become `\n`. */
export const normalizeLineEnds = (text: string): string => text.replace(/\r\n?/g, '\n');

export const utf8Bytes = (text: string): number => encoder.encode(text).length;
const encoder = new TextEncoder();

/** The faults and the left-out things of one request, gathered while it is read. */
export class Findings {
  readonly faults: Fault[] = [];
  readonly dropped: Dropped[] = [];
  private more = false;

  fault(pointer: string, code: string, detail: string): undefined {
    if (this.faults.length < limits.faults) this.faults.push({ pointer, code, detail });
    else if (!this.more) {
      this.more = true;
      this.faults.push({
        pointer: '',
        code: 'more-faults',
        detail: `Only the first ${limits.faults} faults are listed.`,
      });
    }
  }

  drop(what: string, where: { line?: number; pointer?: string }): void {
    if (this.dropped.length < limits.faults) this.dropped.push({ what, ...where });
    else if (this.dropped.length === limits.faults)
      this.dropped.push({ what: `more; only the first ${limits.faults} are listed` });
  }

  result<T>(value: () => T): Parsed<T> {
    return this.faults.length > 0 ? { ok: false, faults: this.faults } : { ok: true, value: value() };
  }
}

// C0 but tab and line feed, DEL, C1.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/**
 * Faults of the characters of a text whose line ends are normalised: `lone-surrogate` (it has no UTF-8) and
 * `control-character` (all but tab and line feed).
 */
export function checkCharacters(text: string, pointer: string, found: Findings): void {
  if (!text.isWellFormed()) {
    const index = [...text].findIndex((character) => !character.isWellFormed());
    found.fault(pointer, 'lone-surrogate', `Character ${index + 1} is half of a surrogate pair.`);
  }
  const match = control.exec(text);
  if (match) {
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    found.fault(
      pointer,
      'control-character',
      `U+${code} at ${match.index + 1}: only tab and line feed may stand in a text.`,
    );
  }
}

export interface TextRule {
  /** UTF-16 code units. */
  max: number;
  /** Whether line feeds may stand in it. */
  multiline?: boolean;
  /** Whether it may be empty or only white space. */
  empty?: boolean;
}

/** Reads a text: its line ends normalised, its faults found. `undefined` if it isn't one. */
export function readText(value: unknown, rule: TextRule, pointer: string, found: Findings): string | undefined {
  if (typeof value !== 'string') return found.fault(pointer, 'wrong-type', 'This must be a text.');
  const text = normalizeLineEnds(value);
  if (text.length > rule.max)
    found.fault(pointer, 'too-long', `${text.length} characters; at most ${rule.max} are allowed.`);
  if (!rule.empty && text.trim() === '') found.fault(pointer, 'empty', 'This may not be empty.');
  if (!rule.multiline && text.includes('\n')) found.fault(pointer, 'line-break', 'This must be a single line.');
  checkCharacters(text, pointer, found);
  return text;
}

/** Faults of a text such as a note, a reason, a notice or a speaker's name; none if it is in order. */
export function checkText(value: unknown, rule: TextRule, pointer: string): Fault[] {
  const found = new Findings();
  readText(value, rule, pointer, found);
  return found.faults;
}

/**
 * Reads JSON that is kept as it came, but for line ends: its texts, its numbers (integers beyond 2^53 would come back
 * altered), its depth. `undefined` if it can't be kept.
 */
export function readJson(value: unknown, pointer: string, found: Findings, depth = 1): Json | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const text = normalizeLineEnds(value);
    checkCharacters(text, pointer, found);
    return text;
  }
  if (typeof value === 'number') {
    if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)) return value;
    return found.fault(pointer, 'unsafe-number', 'Integers beyond ±9007199254740991 must be sent as texts.');
  }
  if (typeof value !== 'object') return found.fault(pointer, 'wrong-type', 'This is not JSON.');
  if (depth > limits.depth)
    return found.fault(pointer, 'too-deep', `At most ${limits.depth} levels may be nested in one another.`);
  if (Array.isArray(value)) return value.map((item, i) => readJson(item, at(pointer, i), found, depth + 1) ?? null);
  const entries: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const where = at(pointer, name);
    checkCharacters(name, where, found);
    // Harmless here, but a copy made by assignment anywhere downstream would lose it or worse.
    if (name === '__proto__') found.fault(where, 'name-not-allowed', 'No member may be named __proto__.');
    if (member !== undefined) entries.push([name, readJson(member, where, found, depth + 1) ?? null]);
  }
  return Object.fromEntries(entries);
}

/** What a form of the desk asks for, as data, and how what was typed into it is checked: nothing here knows HTML. */
import { checkText, normalizeLineEnds } from '../content/check.js';
import { limits } from '../content/limits.js';
import { isSlug } from '../content/slug.js';
import type { Excerpt } from '../editing/phrase.js';
import { readMoment } from '../reading/moment.js';
import type { Instant } from '../story/instant.js';
import { parseVersionNumber } from '../story/version-number.js';

/** What a form sent, by the names of its fields. */
export type Typed = Readonly<Record<string, string>>;

export interface Choice {
  value: string;
  label: string;
  hint?: string;
}

interface Asks {
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
}

export type Field =
  /** A single line, or several; `max` in UTF-16 code units. */
  | (Asks & { kind: 'line'; max?: number; plain?: boolean })
  | (Asks & { kind: 'text'; max?: number; rows?: number; prose?: boolean })
  /** A date and time by the publisher's clocks. */
  | (Asks & { kind: 'moment' })
  | (Asks & { kind: 'choice' | 'select'; choices: readonly Choice[] })
  /** Sends `value` if it is ticked. */
  | (Asks & { kind: 'check'; value: string; excerpt?: Excerpt })
  /** Goes along unseen. */
  | { kind: 'carried'; name: string; label?: undefined };

export interface Group {
  legend: string;
  hint?: string;
  fields: readonly Field[];
  /** Folded away while nothing is typed in it, or while nothing in it is wrong. */
  folded?: 'until-typed' | 'until-wrong';
}

/** Why something is done. */
export const reason: Field = {
  kind: 'text',
  name: 'reason',
  label: 'Reason',
  hint: 'For staff: readers don’t see it.',
  max: limits.reason,
  rows: 2,
};

/** A form of one group. */
export const one = (legend: string, ...fields: Field[]): Group[] => [{ legend, fields }];

/** What a field holds at first: a text that is removed, or was never there, is empty. */
export const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One thing wrong; `field`: the name of the one to mend it in, if there is one. */
export interface Wrong {
  field?: string;
  detail: string;
}

/** What was typed, made fit to be read: line ends as they are kept, white space at the ends gone from all but prose. */
export function tidied(groups: readonly Group[], typed: Typed): Typed {
  const kinds = new Map(groups.flatMap(({ fields }) => fields).map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => {
      const field = kinds.get(name);
      const text = normalizeLineEnds(value);
      return [name, field?.kind === 'text' && field.prose ? text : text.trim()];
    }),
  );
}

/** Reads the values of one form and notes what is wrong with them. */
export class Reader {
  readonly wrong: Wrong[] = [];

  constructor(
    readonly typed: Typed,
    groups: readonly Group[],
    private readonly zone: string,
  ) {
    for (const field of groups.flatMap(({ fields }) => fields)) this.check(field);
  }

  /** A text; `undefined` where nothing was typed. */
  text(name: string): string | undefined {
    return this.typed[name] || undefined;
  }

  /** Those of these that were typed, as members of a command. */
  said<Name extends string>(...names: Name[]): { [N in Name]?: string } {
    return Object.fromEntries(names.filter((name) => this.typed[name]).map((name) => [name, this.typed[name]!])) as {
      [N in Name]?: string;
    };
  }

  slug(name: string): string | undefined {
    const typed = this.text(name);
    if (typed === undefined || isSlug(typed)) return typed;
    return this.fault(name, `Lower-case letters and digits with single hyphens between, at most ${limits.slug}.`);
  }

  /** One entry a line. */
  lines(name: string): string[] {
    return (this.typed[name] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  }

  moment(name: string): Instant | undefined {
    const typed = this.text(name);
    return typed === undefined ? undefined : readMoment(typed, this.zone);
  }

  /** Version numbers with commas or spaces between them. */
  numbers(name: string): number[] | undefined {
    const typed = this.text(name);
    if (typed === undefined) return undefined;
    const numbers = typed
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(parseVersionNumber);
    if (numbers.every((number) => number !== undefined)) return numbers;
    this.fault(name, 'Type version numbers with commas between them, such as 2, 3.');
    return undefined;
  }

  fault(field: string | undefined, detail: string): undefined {
    this.wrong.push({ ...(field !== undefined && { field }), detail });
  }

  private check(field: Field): void {
    if (field.kind === 'carried') return;
    const { name } = field;
    const value = this.text(name);
    if (value === undefined) {
      if (field.required) this.fault(name, field.kind === 'check' ? 'Tick this to go on.' : 'This is needed.');
      return;
    }
    if ((field.kind === 'line' || field.kind === 'text') && field.max !== undefined) {
      const multiline = field.kind === 'text';
      for (const { detail } of checkText(value, { max: field.max, multiline }, '')) this.fault(name, detail);
    }
    if (field.kind === 'moment' && !readMoment(value, this.zone)) {
      this.fault(name, 'Type a date and time such as 2026-05-14 11:30, or an exact instant with an offset.');
    }
    const isChoice = field.kind === 'choice' || field.kind === 'select';
    if (isChoice && !field.choices.some((choice) => choice.value === value)) this.fault(name, 'Choose one of these.');
  }
}

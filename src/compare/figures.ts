/**
 * Figures and names that another took the place of: what a reader, or a court, would call a change of fact. Numbers that
 * only say which section a text is, or send the reader to one, are no such figures.
 */
import type { Lead, Sections } from './ordinals.js';
import type { Run } from './types.js';
import { type Token, tokenize } from './words.js';

/** Letters: in more than this at once, nothing takes the place of anything. */
const mostAtOnce = 1000;
/** Words and marks of a date: two that differ in the month as well are still figures changed. */
const mostInDate = 6;
const digits = /\p{Nd}/u;

export interface Figures {
  /** Numbers that took another's place. */
  figures: { before: string; after: string }[];
  /** Numbers of sections referred to that took another's place. */
  references: number;
  /** Whether the text's own number changed. */
  renumbered: boolean;
  /** Whether nothing besides these was edited. */
  nothingElse: boolean;
}

/** `lead`: the number that either text begins with. */
export function figuresOf(runs: readonly Run[], sections: () => Sections, lead: Lead = noLead): Figures {
  const found: Figures = { figures: [], references: 0, renumbered: false, nothingElse: true };
  const read = { before: '', after: '' };
  for (let i = 0; i < runs.length; i++) {
    const { op, text, textBefore = text, marksBefore } = runs[i]!;
    if (op === 'kept') {
      if (marksBefore) found.nothingElse = false;
      read.before += textBefore;
      read.after += text;
      continue;
    }
    const texts = { deleted: '', inserted: '' };
    const ahead = { ...read };
    for (; i < runs.length; i++) {
      const { op, text, moved } = runs[i]!;
      if (op === 'kept') break;
      if (moved === undefined) texts[op] += text;
      read[op === 'deleted' ? 'before' : 'after'] += text;
    }
    i--;
    if (read.before.length <= lead.before && read.after.length <= lead.after) {
      found.renumbered = true;
      continue;
    }
    const long = Math.max(texts.deleted.length, texts.inserted.length) > mostAtOnce;
    if (long || !digits.test(texts.deleted) || !digits.test(texts.inserted)) {
      found.nothingElse = false;
      continue;
    }
    const [was, is] = [solid(texts.deleted), solid(texts.inserted)];
    const pairs = was.flatMap(({ text: before }, k) => {
      const after = is[k]?.text;
      return after !== undefined && before !== after && digits.test(before) && digits.test(after)
        ? [{ before, after, k }]
        : [];
    });
    const differing = was.filter((token, k) => token.text !== is[k]?.text).length;
    const aligned = was.length === is.length && (differing === pairs.length || was.length <= mostInDate);
    if (!aligned || differing > pairs.length || pairs.length === 0) found.nothingElse = false;
    if (!aligned) continue;
    for (const { before, after, k } of pairs) {
      const refers =
        refersTo(sections().before, before, ahead.before, was.slice(0, k)) &&
        refersTo(sections().after, after, ahead.after, is.slice(0, k));
      if (refers) found.references++;
      else if (ahead.before.length >= lead.before) found.figures.push({ before, after });
    }
  }
  found.nothingElse &&= found.renumbered || found.figures.length + found.references > 0;
  return found;
}

const noLead = { before: 0, after: 0 };

const solid = (text: string): Token[] => tokenize(text).filter(({ kind }) => kind !== 'space');

/** What stands ahead of a section's number where a text sends its reader there. */
const referring =
  /^(?:§+|(?:sub)?(?:sections?|clauses?|paragraphs?)|articles?|chapters?|parts?|appendix|appendices|annex|schedules?|items?|points?|steps?|rules?|abschnitte?s?|artikeln?|kapiteln?|absatz|absätzen?|ziffern?|punkte?n?|anhang|chapitres?|alinéas?|annexes?|parties?|раздел(?:ы|а|е|ах)?|пункт(?:ы|а|е|ах)?|глав[аыеу]?)$/iu;
/** What may stand between it and the number: "Sections D.4, D.5 and 7". */
const between = /^(?:\p{L}|\p{Nd}+(?:\.\p{Nd}+)*|[.,()\-–—&]|and|or|to|through|und|oder|bis|et|ou|à|и|или|до)$/iu;
/** Letters and words looked back over. */
const aheadLetters = 120;
const aheadWords = 16;

function refersTo(sections: ReadonlySet<string>, figure: string, ahead: string, own: readonly Token[]): boolean {
  if (!sections.has(figure)) return false;
  const words = [...solid(ahead.slice(-aheadLetters)), ...own].slice(-aheadWords);
  const word = words.findLast(({ text }) => !between.test(text));
  return word !== undefined && referring.test(word.text);
}

const capital = /^\p{Lu}/u;
const nameJoint = /^(?:[’'\-–]|de|da|di|van|von|der|den|bin|al|of|the)$/u;

/** Names that took another's place: capitalised words alone, not where a sentence begins. */
export function namesOf(runs: readonly Run[]): { before: string; after: string }[] {
  const names: { before: string; after: string }[] = [];
  runs.forEach((deleted, i) => {
    const inserted = runs[i + 1];
    if (deleted.op !== 'deleted' || inserted?.op !== 'inserted') return;
    if (deleted.moved !== undefined || inserted.moved !== undefined) return;
    const [was, is] = [nameIn(deleted.text), nameIn(inserted.text)];
    if (was === undefined || is === undefined || was.toLowerCase() === is.toLowerCase()) return;
    if (was.length < 2 || is.length < 2) return;
    const ahead = runs[i - 1]?.op === 'kept' ? runs[i - 1]!.text : '';
    const first = ahead.trimEnd() === '' || /[.!?…]["”’»)]?\s*$/u.test(ahead);
    if (first && !(was.includes(' ') && is.includes(' '))) return;
    // What is left of the name on either side belongs to it.
    const head = /(?:\p{Lu}[\p{L}\p{M}'’-]* )+$/u.exec(ahead)?.[0] ?? '';
    const kept = head !== '' && /(?:^|[.!?…]["”’»)]?\s+)$/u.test(ahead.slice(0, -head.length)) ? '' : head;
    const behind =
      runs[i + 2]?.op === 'kept' ? (/^(?: \p{Lu}[\p{L}\p{M}'’-]*)+/u.exec(runs[i + 2]!.text)?.[0] ?? '') : '';
    names.push({ before: `${kept}${was}${behind}`, after: `${kept}${is}${behind}` });
  });
  return names;
}

function nameIn(text: string): string | undefined {
  if (text.length > 200 || !capital.test(text.trimStart())) return undefined;
  const words = tokenize(text.trim()).filter(({ kind }) => kind !== 'space');
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last || words.length > 6 || !capital.test(first.text) || !capital.test(last.text)) return undefined;
  return words.every(({ text }) => capital.test(text) || nameJoint.test(text)) ? text.trim() : undefined;
}

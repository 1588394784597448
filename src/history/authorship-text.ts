/** An authorship as plain text: each run of words behind the numbers of its versions, then those versions, then what left. */
import { type Absent, isAbsent } from '../content/types.js';
import type { AuthoredText, AuthorSpan, AuthorshipAnswer } from './answers.js';

/** How pieces are written, for those who have colours. `version`: which one wrote these words first. */
export interface AuthorshipPalette {
  words(text: string, version: number): string;
  note(text: string): string;
}
const plain: AuthorshipPalette = { words: (text) => text, note: (text) => text };

const width = 76;
const bar = ' │ ';
const notAsked = '·';

/** `1↩4→6`: first written in version 1, brought back by 4, moved by 6. */
const label = ({ first, broughtBack, moved }: AuthorSpan): string =>
  `${first}${broughtBack === undefined ? '' : `↩${broughtBack}`}${moved === undefined ? '' : `→${moved}`}`;

const said = (text: string | Absent): string => (isAbsent(text) ? `(a removed text: ${text._absent})` : text);

/** A line for each run of words, wrapped at 76 columns beside the margin; ends with a line end. */
export function authorshipText(answer: AuthorshipAnswer, palette: AuthorshipPalette = plain): string {
  const { headline, standfirst, body, versions, removed } = answer;
  const texts = [headline, standfirst, ...body].filter((text) => text !== null);
  const margin = Math.max(3, ...texts.flatMap(({ spans }) => spans.map((span) => label(span).length)));
  const numbers = (text: string) => palette.note(`${text.padStart(margin)}${bar}`);
  const parts = texts.map((text) => {
    const lines = piecesOf(text).flatMap(({ span, words }) => {
      const paint = (line: string) => (span ? palette.words(line, span.first) : palette.note(line));
      const name = span ? label(span) : notAsked;
      return wrapped(words).map((line, i) => numbers(i === 0 ? name : '') + paint(line));
    });
    return lines.join('\n');
  });
  const legend = versions.map(({ version, inForceFrom, recordedAt, imported, editor, note }) => {
    const by = editor && ('name' in editor ? editor.name : said(editor));
    const recorded = inForceFrom === recordedAt ? '' : `, ${imported ? 'imported' : 'recorded'} ${recordedAt}`;
    const told = [`${inForceFrom}${recorded}`, by && `by ${by}`, note === null ? undefined : said(note)];
    return numbers(String(version)) + palette.words(told.filter(Boolean).join('  '), version);
  });
  const gone = removed.map(({ text, lastIn, leftIn, returnedIn }) => {
    const when = `last in ${lastIn}, gone in ${leftIn}${returnedIn === undefined ? '' : `, back in ${returnedIn}`}`;
    return [palette.note(when), ...wrapped(text).map((line) => palette.words(line, lastIn))].join('\n');
  });
  return [
    ...parts,
    legend.join('\n'),
    ...(gone.length > 0 ? [palette.note('Sentences that left:'), ...gone] : []),
    ...(answer.next === null ? [] : [palette.note('More sentences left than are listed here.')]),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

/** The whole text in pieces. What stands between words goes with those before it; words not asked for stand alone. */
function piecesOf({ text, spans }: AuthoredText): { span?: AuthorSpan; words: string }[] {
  if (isAbsent(text)) return [{ words: said(text) }];
  const pieces: { span?: AuthorSpan; words: string }[] = [];
  let at = 0;
  const between = (to: number) => {
    const gap = text.slice(at, to);
    const last = pieces.at(-1);
    if (/[\p{L}\p{N}]/u.test(gap)) pieces.push({ words: gap });
    else if (last) last.words += gap;
    else return gap;
    return '';
  };
  for (const span of spans) {
    const ahead = between(span.from);
    pieces.push({ span, words: ahead + text.slice(span.from, span.to) });
    at = span.to;
  }
  const rest = between(text.length);
  return rest === '' ? pieces : [{ words: rest }];
}

function wrapped(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      for (const word of line.trim().split(/[ \t]+/)) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
      }
      return lines;
    });
}

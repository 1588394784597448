/** A text with its authorship: each passage behind the number of the version that wrote it, with when and why beside it. */
import type { ComponentChildren } from 'preact';
import type { Block, RichText, TableBlock } from '../content/types.js';
import type { AuthoredBlock, AuthoredText, AuthoringVersion, AuthorSpan } from '../history/answers.js';
import { linked, marked, type Piece, piecesOf, type Telling } from './text.js';
import { type Detail, Time } from './times.js';
import { plainTitle } from './words.js';

/** What the passages of one page share. */
export interface Told {
  versions: ReadonlyMap<number, AuthoringVersion>;
  /** How late a version is among those named, from 0 to 4. */
  ageOf(version: number): number;
  zone: string;
  detail: Detail;
}

/** Part of a text, by its offsets in UTF-16; without a span nothing is told of it. */
interface Segment {
  from: number;
  to: number;
  span?: AuthorSpan;
}

/** The whole text in segments. Marks that hold on to a word, as quotes and commas do, go with it. */
export function segmentsOf(text: string, spans: readonly AuthorSpan[]): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const [index, span] of spans.entries()) {
    const ahead = text.slice(at, span.from);
    const from = span.from - (/[^\s\p{L}\p{N}]+$/u.exec(ahead)?.[0].length ?? 0);
    const next = spans[index + 1]?.from ?? text.length;
    const to = span.to + (/^[^\s\p{L}\p{N}]+/u.exec(text.slice(span.to, next))?.[0].length ?? 0);
    if (from > at) segments.push({ from: at, to: from });
    segments.push({ from, to, span });
    at = to;
  }
  if (at < text.length) segments.push({ from: at, to: text.length });
  return segments;
}

/** The pieces between two offsets. */
function cutAt(pieces: readonly Piece[], from: number, to: number): Piece[] {
  let at = 0;
  return pieces.flatMap(({ text, marks }) => {
    const start = at;
    at += text.length;
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return part === '' ? [] : [{ text: part, marks }];
  });
}

interface PassagesProps {
  text: string;
  spans: readonly AuthorSpan[];
  told: Told;
  /** Of the text, where it is more than words: what stands from `offset` on. */
  pieces?: readonly Piece[];
  offset?: number;
  /** By which the first passage is found. */
  id?: string;
}

export function Passages({ text, spans, told, pieces = [{ text, marks: [] }], offset = 0, id }: PassagesProps) {
  const end = offset + pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  const first = spans[0];
  return (
    <>
      {segmentsOf(text, spans)
        .filter(({ from, to }) => from < end && to > offset)
        .map(({ from, to, span }) => {
          const shown = linked(cutAt(pieces, Math.max(0, from - offset), to - offset), marked);
          if (!span) return shown;
          return (
            <Passage span={span} told={told} begins={from >= offset} id={span === first ? id : undefined}>
              {shown}
            </Passage>
          );
        })}
    </>
  );
}

interface PassageProps {
  span: AuthorSpan;
  told: Told;
  /** False: it goes on from the cell before. */
  begins: boolean;
  id: string | undefined;
  children: ComponentChildren;
}

function Passage({ span, told, begins, id, children }: PassageProps) {
  const { first, broughtBack, moved } = span;
  const later = [
    ...(broughtBack === undefined ? [] : [`brought back by version ${broughtBack}`]),
    ...(moved === undefined ? [] : [`moved by version ${moved}`]),
  ];
  return (
    <span class={`by age-${told.ageOf(first)}`}>
      {begins && (
        <a class="from" href={`#version-${first}`} id={id} aria-describedby={`why-${first}`}>
          <span aria-hidden="true">{signOf(span)}</span>
          <span class="hidden" lang="en">
            [{[`version ${first}`, ...later].join(', ')}]
          </span>
        </a>
      )}
      {children}
      <span class="why" aria-hidden="true" lang="en" dir="ltr">
        <Why version={told.versions.get(first)} told={told} />
        {later.length > 0 && ` (${later.join(', ')})`}
      </span>
    </span>
  );
}

/** `1↩4→6`: first written in version 1, brought back by 4, moved by 6. */
const signOf = ({ first, broughtBack, moved }: AuthorSpan): string =>
  `${first}${broughtBack === undefined ? '' : `↩${broughtBack}`}${moved === undefined ? '' : `→${moved}`}`;

/** As much of a note as is read at a glance. */
const glance = 160;

function Why({ version, told: { zone, detail } }: { version: AuthoringVersion | undefined; told: Told }) {
  if (!version) return null;
  const note = plainTitle(version.note, '');
  const name = version.editor && 'name' in version.editor ? plainTitle(version.editor.name, '') : '';
  return (
    <>
      <b>Version {version.version}</b>, <Time at={version.inForceFrom} zone={zone} detail={detail} />
      {name && (
        <>
          , <bdi>{name}</bdi>
        </>
      )}
      {note && (
        <>
          : <bdi>{note.length > glance ? `${note.slice(0, glance).replace(/\s\S*$/, '')} …` : note}</bdi>
        </>
      )}
    </>
  );
}

/** A body's running text with its passages; of other words which versions wrote them. */
export function tellingOf(body: readonly Block[], authored: readonly AuthoredBlock[], told: Told): Telling {
  const byKey = new Map(authored.map((one) => [one.key, one]));
  const places = new Map<RichText, { of: AuthoredText; offset: number; id?: string }>();
  const place = (text: RichText, of: AuthoredBlock, offset: number) =>
    places.set(text, { of, offset, ...(offset === 0 && { id: passageId(of.key) }) });
  for (const block of body) {
    const of = byKey.get(block._key);
    if (!of) continue;
    if (block._type === 'block') place(block as unknown as RichText, of, 0);
    if (block._type !== 'table') continue;
    let offset = 0;
    for (const { cells } of (block as unknown as TableBlock).rows) {
      for (const cell of cells) {
        place(cell, of, offset);
        offset += lengthOf(cell) + 1;
      }
    }
  }
  return {
    text(text) {
      const pieces = piecesOf(text);
      const { of, offset, id } = places.get(text) ?? {};
      // Where a text was taken away between two questions, the page is told of the one it has.
      if (!of || typeof of.text !== 'string' || of.text.slice(offset, offset! + lengthOf(text)) !== wordsIn(pieces)) {
        return linked(pieces, marked);
      }
      return <Passages text={of.text} spans={of.spans} told={told} pieces={pieces} offset={offset!} id={id} />;
    },
    after(block) {
      const versions = new Set(byKey.get(block._key)?.spans.map(({ first }) => first));
      if (versions.size === 0) return null;
      return (
        <p class="meta">
          Words of{' '}
          {[...versions].map((version, index) => (
            <>
              {index > 0 && ', '}
              <a href={`#version-${version}`}>version {version}</a>
            </>
          ))}
        </p>
      );
    },
  };
}

export const passageId = (key: string): string => `passage-${key}`;
const wordsIn = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
const lengthOf = ({ children }: RichText): number => children.reduce((sum, { text }) => sum + text.length, 0);

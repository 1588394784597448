/**
 * What comparing two contents gives. One result for every rendering (HTML, text, terminal, JSON); each block of either
 * side stands in exactly one `BlockChange`, so both bodies can be rebuilt from it word for word.
 */
import type { Absence, Absent, Block, FieldName, Json } from '../content/types.js';

export interface Comparison {
  /** The algorithm and, where the caller names it, the version of ICU that found the words. */
  algorithm: string;
  /** Only those that differ. */
  fields: FieldChange[];
  statements: StatementChanges;
  /** Both bodies in reading order: the later one's order, with removed blocks where they stood. */
  blocks: BlockChange[];
  /** Sentences that stand elsewhere, apart from the blocks that moved. */
  moves: SentenceMove[];
  summary: Summary;
  /** Where a bound on work was met and a simpler method used. Empty for all but extreme input. */
  fallbacks: Fallback[];
}

export type RunOp = 'kept' | 'inserted' | 'deleted';

/** A link as a mark: where it goes. Links are compared by address; their keys are notation. */
export interface LinkMark {
  href: string;
}
/** A decorator's name, or a link. */
export type Mark = string | LinkMark;

/**
 * A piece of text. The `kept` and `deleted` runs in order are the text before (`textBefore` where a run has one), the
 * `kept` and `inserted` ones the text after. A run never ends inside a grapheme but where a mark does.
 */
export interface Run {
  op: RunOp;
  text: string;
  /** On kept white space that was other white space, within a line: what it was. It reads the same. */
  textBefore?: string;
  /** The marks on the side the text is read on: after, or before if deleted. */
  marks: Mark[];
  /** On kept text whose marks changed: those it had. */
  marksBefore?: Mark[];
  /** On inserted text: it is this sentence, that came from elsewhere (index in `moves`); on deleted text: that went. */
  moved?: number;
  /** A boundary between blocks that a split inserted or a merger deleted; its text is empty. */
  boundary?: true;
}

/** A block on one side, by its place and key there. */
export interface BlockSide {
  /** From 0, in that side's body. */
  index: number;
  key: string;
  statement?: string;
  /** The whole block, as that side holds it. */
  block: Block;
}

/**
 * `same`: nothing differs. `edited`: words, or members of an image, embed or unknown block. `reformatted`: marks, links,
 * style, level or the spacing within lines only. `split` and `merged`: one block became several, several became one (and
 * may be edited besides).
 */
export type BlockKind = 'same' | 'added' | 'removed' | 'edited' | 'reformatted' | 'split' | 'merged';

export interface BlockChange {
  kind: BlockKind;
  /** None if added; one, or several if merged. */
  before: BlockSide[];
  /** None if removed; one, or several if split. */
  after: BlockSide[];
  /**
   * Edited, split, merged or reformatted text; tables flattened (tab between cells, line end between rows). On added or
   * removed text only where a sentence of it moved.
   */
  runs?: Run[];
  /** Of a table that was edited: its rows in reading order, each with its cells. */
  rows?: RowChange[];
  /** The members that differ, of blocks that are more than text. */
  members?: MemberChange[];
  /** Whether marks, links, style or level differ too. */
  formatting: boolean;
  words: WordCounts;
  /** On any kind with two sides: it stands elsewhere among the blocks that stayed. */
  moved?: Move;
  /** One side's text is absent, so the words can't be compared. */
  absent?: Absence;
}

export interface Move {
  direction: 'up' | 'down';
  /** Index in `blocks` of the change behind which it stood before; -1: it stood first. */
  stoodAfter: number;
}

/** A sentence that left one place for another, word for word or edited on the way. */
export interface SentenceMove {
  /** Indexes in `blocks` of the change it left and of the one it came to. */
  from: number;
  to: number;
  direction: 'up' | 'down';
  /** The sentence by itself, with what was edited on the way: all kept if nothing was. */
  runs: Run[];
  edited: boolean;
  /** Words that went with it: they count as neither added nor removed. */
  words: number;
}

export interface MemberChange {
  name: string;
  before?: Json;
  after?: Json;
  /** Where both are words. */
  runs?: Run[];
}

export interface RowChange {
  kind: 'same' | 'added' | 'removed' | 'edited' | 'reformatted';
  /** From 0, in that side's table. */
  before?: number;
  after?: number;
  moved?: true;
  cells: CellChange[];
}
export interface CellChange {
  kind: RowChange['kind'];
  runs: Run[];
}

/** Words that moved with a sentence are in neither. */
export interface WordCounts {
  added: number;
  removed: number;
}

export interface FieldChange {
  name: FieldName;
  /** Which one of the free map. */
  member?: string;
  before?: Json | Absent;
  after?: Json | Absent;
  /** For headline, standfirst and byline where both sides can be read. */
  runs?: Run[];
}

export interface StatementRef {
  id: string;
  speaker: string | Absent;
  organisation?: string | Absent;
  /** How many. */
  blocks: number;
  words: number;
}
export interface StatementChanges {
  added: StatementRef[];
  removed: StatementRef[];
  /** Another speaker or organisation, or blocks added, removed or edited. */
  changed: { before: StatementRef; after: StatementRef }[];
}

/** Words are those of the body. */
export interface Summary {
  /** Whether anything differs. */
  changed: boolean;
  words: WordCounts & { before: number; after: number; moved: number };
  /** Sentences by the actions of the NewsEdits study; a refactor is a move, and an edit as well if it was edited. */
  sentences: { additions: number; deletions: number; edits: number; refactors: number };
  blocks: {
    same: number;
    added: number;
    removed: number;
    edited: number;
    reformatted: number;
    split: number;
    merged: number;
    /** Moved ones, edited or not; they are counted by kind as well. */
    moved: number;
  };
  /** Words added and removed as a share of all words of both sides: 0 to 1, four decimals. */
  shareChanged: number;
  /** Marks, links, styles, levels or the spacing within lines changed and nothing else. */
  formattingOnly: boolean;
  /** Numbers that another number took the place of. */
  figures: { before: string; after: string }[];
  /** Names that another name took the place of. */
  names: { before: string; after: string }[];
  /**
   * Measured, whatever was declared. Major: a statement came or went, a figure or a name changed, three sentences or a
   * tenth of the words. `formatting`: formatting only.
   */
  significance: 'none' | 'formatting' | 'minor' | 'major';
  statementsAdded: (string | Absent)[];
  /** What happened, in one sentence of plain English. */
  sentence: string;
}

/**
 * `blocks`: so many blocks repeat that equal ones were found by those that occur once. `pairing`: too many similar blocks; only those at about the same place were paired. `similarity`: the commonest words
 * were left out when blocks were likened. `words`: a pair of texts was compared by its unique words only. `sentences`: the
 * same, or too many, when moved sentences were sought. `dictionary`: so much text of scripts without spaces that some was
 * cut into letters, not words.
 */
export interface Fallback {
  stage: 'blocks' | 'pairing' | 'similarity' | 'words' | 'sentences' | 'dictionary';
  /** For `words`: the blocks' indexes. */
  before?: number;
  after?: number;
}

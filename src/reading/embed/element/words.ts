/** What the element says, in the languages it speaks, and how it writes times. */

const english = {
  label: 'How this story has changed',
  published: 'Published {first}',
  unchanged: 'Published {first}, unchanged since',
  updated: 'Updated {last}',
  updatedOften: 'Updated {count} times, last {last}',
  corrected: 'corrected {at}',
  see: 'see what changed',
  versions: 'Versions',
  changed: 'What changed',
  since: 'What changed since',
  read: 'Read it as it was',
  version: 'Version {number}',
  current: 'now',
  gone: 'removed by the publisher',
  erased: 'erased for good',
  correctedIn: 'corrected in version {number}',
  recorded: 'recorded {at}',
  imported: 'imported {at}',
  size: '{signs} words',
  words: '{added} words added, {removed} removed',
  unchangedBlocks: '{count} passages unchanged',
  loading: 'Loading …',
  failed: 'This could not be loaded.',
  noLonger: 'This can no longer be shown.',
  again: 'Try again',
  more: 'Earlier versions',
  all: 'The whole history',
  acts: {
    StoryPublished: 'Published',
    StoryUpdated: 'Update',
    StatementAdded: 'Statement added',
    CorrectionIssued: 'Correction',
    VersionRestored: 'Earlier version restored',
  },
  corrections: { correction: 'Correction', clarification: 'Clarification', 'editors-note': 'Editor’s note' },
  withdrawals: {
    unpublished: 'Not published',
    retracted: 'Retracted',
    killed: 'Withdrawn: not to be used',
    takedown: 'Removed by legal demand',
  },
  /** What a comparison says to those who listen, by what it says in English. */
  heard: {} as Record<string, string>,
};

export type Dictionary = typeof english;

const german: Dictionary = {
  label: 'Wie sich dieser Artikel geändert hat',
  published: 'Veröffentlicht {first}',
  unchanged: 'Veröffentlicht {first}, seitdem unverändert',
  updated: 'Aktualisiert {last}',
  updatedOften: '{count}-mal aktualisiert, zuletzt {last}',
  corrected: 'berichtigt {at}',
  see: 'was sich geändert hat',
  versions: 'Fassungen',
  changed: 'Was sich änderte',
  since: 'Was sich seitdem änderte',
  read: 'So lesen, wie es war',
  version: 'Fassung {number}',
  current: 'jetzt',
  gone: 'von der Redaktion entfernt',
  erased: 'endgültig gelöscht',
  correctedIn: 'berichtigt in Fassung {number}',
  recorded: 'festgehalten {at}',
  imported: 'übernommen {at}',
  size: '{signs} Wörter',
  words: '{added} Wörter hinzugefügt, {removed} entfernt',
  unchangedBlocks: '{count} Absätze unverändert',
  loading: 'Wird geladen …',
  failed: 'Das konnte nicht geladen werden.',
  noLonger: 'Das kann nicht mehr gezeigt werden.',
  again: 'Noch einmal versuchen',
  more: 'Frühere Fassungen',
  all: 'Die ganze Geschichte',
  acts: {
    StoryPublished: 'Veröffentlicht',
    StoryUpdated: 'Aktualisierung',
    StatementAdded: 'Stellungnahme ergänzt',
    CorrectionIssued: 'Berichtigung',
    VersionRestored: 'Frühere Fassung wiederhergestellt',
  },
  corrections: { correction: 'Berichtigung', clarification: 'Klarstellung', 'editors-note': 'Anmerkung der Redaktion' },
  withdrawals: {
    unpublished: 'Nicht veröffentlicht',
    retracted: 'Zurückgezogen',
    killed: 'Zurückgezogen: nicht verwenden',
    takedown: 'Auf rechtliche Anordnung entfernt',
  },
  heard: {
    '[added: ': '[hinzugefügt: ',
    '[removed: ': '[entfernt: ',
    '[moved away: ': '[verschoben: ',
    '[moved here: ': '[hierher verschoben: ',
    '[formatting changed: ': '[Formatierung geändert: ',
  },
};

/** A sentence of the dictionary with what stands for its `{names}`. */
export const filled = (sentence: string, parts: Record<string, Node | string>): (Node | string)[] =>
  sentence.split(/\{(\w+)\}/).map((piece, i) => (i % 2 ? parts[piece]! : piece));

export const filledText = (sentence: string, parts: Record<string, number>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => String(parts[name]));

/** The language that the element speaks on its page, and how times are written there. */
export interface Tongue {
  lang: string;
  words: Dictionary;
  short(at: Date): string;
  long(at: Date): string;
}

export function tongueAt(place: Element): Tongue {
  const asked = place.closest('[lang]')?.getAttribute('lang') ?? '';
  const lang = /^de\b/i.test(asked) ? 'de' : 'en';
  let locale = lang === 'en' ? 'en-GB' : lang;
  try {
    // Not every page's language is well-formed; one that is not spoken here is not used for times either.
    if (Intl.getCanonicalLocales(asked)[0]?.startsWith(lang)) locale = asked;
  } catch {}
  const today = new Date().toDateString();
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  return {
    lang,
    words: lang === 'de' ? german : english,
    short: (at) => new Intl.DateTimeFormat(locale, at.toDateString() === today ? time : { ...day, ...time }).format(at),
    long: (at) => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(at),
  };
}

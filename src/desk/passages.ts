/**
 * Words that must go: a phrase is looked for in every text of every version, then what was found is looked through, and
 * hidden or erased in one go, with other words for what readers are given now.
 */
import type { QueryBus } from '@nestjs/cqrs';
import { limits } from '../content/limits.js';
import type { Refusing, Sought } from '../editing/change-story.js';
import { FindPassages } from '../editing/find-passages.js';
import type { FoundText } from '../editing/passages.js';
import type { NewVersion } from '../story/commands.js';
import type { ErasureAuthority, Reference } from '../story/events.js';
import type { Action, Found, Target } from './action.js';
import { about, contentOf, typedContent, words } from './content-form.js';
import type { Choice, Field, Group, Reader, Typed } from './fields.js';
import { list } from './words.js';

/** What names a search: the list that is on the page is of these. */
const searchOf = ({ phrase = '', whole = '', taking = '' }: Typed): string => `${taking} ${whole} ${phrase.trim()}`;

const boxOf = ([revision, name]: Reference): string => `text-${revision}-${name}`;

/** Looks for the phrase that was typed; nothing, where none was. */
export async function findIn(
  queries: QueryBus,
  { viewer, story }: Target,
  typed: Typed,
): Promise<{ ok: true; found?: Found } | Refusing> {
  const { phrase: words = '', whole } = typed;
  const phrase = words.trim();
  const taking: Found['taking'] = typed.taking === 'erase-texts' ? typed.taking : 'hide-texts';
  if (!phrase || phrase.length > limits.phrase) return { ok: true };
  const find = (sought: Sought) => queries.execute(new FindPassages(viewer.may, story!.id, taking, sought));
  const sought = { phrase, ...(whole && { words: true }) };
  const all = await find(sought);
  if (!all.ok) return all;
  const found: Found = { taking, all, meant: all, sought };
  if (typed.searched !== searchOf(typed)) return { ok: true, found };
  const references = all.texts.map(({ reference }) => reference).filter((reference) => typed[boxOf(reference)]);
  if (references.length === 0 || references.length === all.texts.length) return { ok: true, found };
  const some = { ...sought, references };
  const meant = await find(some);
  return meant.ok ? { ok: true, found: { taking, all, meant, sought: some } } : meant;
}

const places: { [where: string]: string } = {
  body: 'Text',
  headline: 'Headline',
  leadImage: 'Lead image',
  url: 'Address of your page',
  fields: 'Other fields',
  speaker: 'Speaker of a statement',
  organisation: 'Organisation of a statement',
  note: 'Change note',
  notice: 'Notice',
  reason: 'Reason, for staff',
  labels: 'Labels, for staff',
  slug: 'Name in the story’s address',
  editor: 'Editor’s name',
};

function placeOf({ where, versions, inForce, waiting, hidden, count = 1 }: FoundText): string {
  const place = places[where] ?? `${where[0]!.toUpperCase()}${where.slice(1)}`;
  const states = [inForce && 'in force', waiting && 'waiting', hidden && 'hidden already'].filter(Boolean);
  return [place, versions.length > 0 && list(versions), ...states, count > 1 && `${count} times`]
    .filter(Boolean)
    .join(', ');
}

const authorities: Record<ErasureAuthority, string> = {
  'court-order': 'A court’s order',
  'legal-advice': 'Legal advice',
  'data-protection': 'Data protection',
  safety: 'Somebody’s safety',
  publisher: 'The publisher’s decision',
};

const search = ({ viewer }: Target): Group => {
  const choices: Choice[] = [
    { value: 'hide-texts', label: 'Hide', hint: 'Readers no longer get these words. They can be shown again.' },
    {
      value: 'erase-texts',
      label: 'Erase',
      hint: 'The words are gone for good, from every file. The record keeps proof that a text was there.',
    },
  ];
  return {
    legend: 'What is looked for',
    fields: [
      {
        kind: 'line',
        name: 'phrase',
        label: 'Words',
        hint: 'Looked for in every text of every version, whatever their case. They are never recorded.',
        required: true,
        max: limits.phrase,
      },
      { kind: 'check', name: 'whole', value: 'yes', label: 'Only as whole words' },
      {
        kind: 'choice',
        name: 'taking',
        label: 'What is to happen to them',
        required: true,
        choices: choices.filter(({ value }) => viewer.may(value === 'hide-texts' ? 'hide' : 'erase')),
      },
      {
        kind: 'line',
        name: 'instead',
        label: 'What stands there instead',
        hint: 'Where readers are given them now, in a new version that you see first. Left empty: you take them out by hand.',
        max: limits.phrase,
      },
      { kind: 'carried', name: 'searched' },
    ],
  };
};

function foundIn({ all }: Found): Group {
  const { texts, shownToReaders, elsewhere } = all;
  const others = elsewhere?.length
    ? ` Other stories hold these words too: ${elsewhere.map(({ headline, story }) => headline ?? story).join('; ')}.`
    : '';
  return {
    legend:
      texts.length === 0 ? 'Nothing was found' : `Found in ${texts.length} ${texts.length === 1 ? 'text' : 'texts'}`,
    hint: `${texts.length === 0 ? 'No text of this story holds these words.' : `Readers can find ${shownToReaders} of them now. The whole text goes, not the words alone; untick what is to stay.`}${others}`,
    fields: texts.map(
      (text): Field => ({
        kind: 'check',
        name: boxOf(text.reference),
        value: 'yes',
        label: placeOf(text),
        ...(text.excerpt && { excerpt: text.excerpt }),
      }),
    ),
  };
}

function replacementFor({ meant }: Found, { version }: Target): Group[] {
  if (meant.correctFirst.length === 0 || !version) return [];
  return [
    {
      ...words,
      legend: 'The words instead',
      hint: `Readers are given ${list(meant.correctFirst)}, or will be, and these words stand there. Take them out here: this becomes a new version, recorded first.`,
    },
    { ...about, folded: 'until-typed' },
    {
      legend: 'Why the words change',
      fields: [
        {
          kind: 'text',
          name: 'note',
          label: 'Change note',
          hint: 'Public, of the new version.',
          max: limits.note,
          rows: 2,
        },
        { kind: 'carried', name: 'filled' },
      ],
    },
  ];
}

const isSearched = (typed: Typed): boolean => typed.searched !== undefined && typed.searched === searchOf(typed);

/** With other words in place of those looked for, wherever they stand as they were typed. */
function withInstead(content: Typed, { phrase = '', whole, instead = '' }: Typed): Typed {
  if (!instead.trim()) return content;
  const escaped = phrase
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const words = escaped.join('\\s+');
  const sought = new RegExp(whole ? `(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])` : words, 'giu');
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, value.replace(sought, () => instead.trim())]),
  );
}

export const passages: Action = {
  of: 'passages',
  name: 'Hide or erase words',
  button: ({ found }) => (found?.taking === 'erase-texts' ? 'Erase these texts for good' : 'Hide these texts'),
  rights: ['hide', 'erase'],
  fits: () => true,
  values: ({ viewer }) => ({ taking: viewer.may('hide') ? 'hide-texts' : 'erase-texts' }),
  groups(target, typed) {
    const { found } = target;
    if (!found || !isSearched(typed)) return [search(target)];
    if (found.all.texts.length === 0) return [search(target), foundIn(found)];
    return [
      search(target),
      foundIn(found),
      ...replacementFor(found, target),
      {
        legend: 'On whose order',
        fields: [
          ...(found.taking === 'erase-texts'
            ? [
                {
                  kind: 'choice' as const,
                  name: 'authority',
                  label: 'Authority',
                  hint: 'Kept in the record for ever.',
                  required: true,
                  choices: Object.entries(authorities).map(([value, label]) => ({ value, label })),
                },
              ]
            : []),
          {
            kind: 'text',
            name: 'reason',
            label: 'Reason',
            hint: 'For staff. Don’t repeat the words here.',
            max: limits.reason,
            rows: 2,
          },
        ],
      },
    ];
  },
  next(target, typed) {
    const { found, version } = target;
    if (isSearched(typed) || !found) return undefined;
    return {
      ...typed,
      searched: searchOf(typed),
      ...Object.fromEntries(found.all.texts.map(({ reference }) => [boxOf(reference), 'yes'])),
      ...(version && { ...withInstead(typedContent(version.content), typed), filled: String(version.version) }),
    };
  },
  told: ({ found }) =>
    (found?.meant.texts ?? []).map((text) => {
      const { before, match, after } = text.excerpt ?? {};
      return `${placeOf(text)}${match === undefined ? '' : `: “${before}${match}${after}”`}`;
    }),
  read(reader, target) {
    const { found } = target;
    if (!found || reader.wrong.length > 0) return undefined;
    const { all, meant, sought, taking } = found;
    const nothing = all.texts.length > 0 && !all.texts.some(({ reference }) => reader.text(boxOf(reference)));
    if (nothing) reader.fault(boxOf(all.texts[0]!.reference), 'Tick what is to go.');
    const replaced = replacementIn(reader, found, target);
    if (reader.wrong.length > 0) return undefined;
    const said = {
      sought,
      token: meant.token,
      ...reader.said('reason'),
      ...(reader.text('force') && { force: true as const }),
      ...(replaced && { replacement: replaced }),
    };
    const asked =
      taking === 'hide-texts'
        ? { type: taking, ...said }
        : { type: taking, authority: reader.text('authority') as ErasureAuthority, ...said };
    return { asked };
  },
  // From the fingerprint of what is kept of a request a guess at the words could be confirmed.
  kept: ({ phrase: _, searched: __, ...typed }) => typed,
  done: () => 'The words are gone from what readers get.',
};

function replacementIn(reader: Reader, { meant }: Found, { version }: Target): NewVersion | undefined {
  if (meant.correctFirst.length === 0 || !version) return undefined;
  const { content } = contentOf(reader, version.content) ?? {};
  if (!content || (Object.keys(content.fields).length === 0 && !content.body)) return undefined;
  const supersedes = reader.numbers('supersedes');
  return { type: 'new-version', ...content, ...(supersedes && { supersedes }), ...reader.said('note') };
}

/** Writing: a new story, or a new version with new words, statements, a correction, another time. */
import { limits } from '../content/limits.js';
import { parseStatement } from '../content/parse-fields.js';
import { type Dropped, isKnownBlock } from '../content/types.js';
import { full, timeText } from '../reading/times.js';
import { correctionNames } from '../reading/words.js';
import type { CorrectionDraft, StatementDraft } from '../story/commands.js';
import { type CorrectionKind, correctionKinds, type Significance } from '../story/events.js';
import type { Action, Read, Target } from './action.js';
import { about, contentOf, faulted, typedContent, words } from './content-form.js';
import type { Choice, Group, Reader, Typed } from './fields.js';

/** Of statements, as the form counts them. */
const statementsIn = (typed: Typed): number =>
  Math.min(
    limits.statements,
    Math.max(1, ...Object.keys(typed).map((name) => Number(/^words-(\d+)$/.exec(name)?.[1] ?? 0))),
  );

const statement = (number: number, { version }: Target): Group => ({
  legend: number === 1 ? 'A statement' : `Statement ${number}`,
  hint: 'Words of somebody named, set off from the text.',
  ...(number === 1 && { folded: 'until-typed' as const }),
  fields: [
    { kind: 'line', name: `speaker-${number}`, label: 'Who speaks', max: limits.speaker },
    { kind: 'line', name: `organisation-${number}`, label: 'For whom', max: limits.organisation },
    { kind: 'text', name: `words-${number}`, label: 'What they say', hint: 'Markdown.', rows: 6, prose: true },
    { kind: 'select', name: `after-${number}`, label: 'Where it stands', choices: placesIn(version) },
  ],
});

const placesIn = (version: Target['version']): Choice[] => [
  { value: '', label: 'At the end' },
  ...(version?.content.body ?? []).flatMap((block): Choice[] => {
    if (!isKnownBlock(block) || block._type !== 'block') return [];
    const text = block.children.map((span) => span.text).join('');
    const cut = text.length > 70 ? `${text.slice(0, 69)}…` : text;
    return [{ value: block._key, label: `After “${cut}”` }];
  }),
];

const correction: Group = {
  legend: 'A correction',
  fields: [
    {
      kind: 'select',
      name: 'kind',
      label: 'Kind',
      choices: [
        { value: '', label: 'None' },
        ...correctionKinds.map((value) => ({ value, label: correctionNames[value] })),
      ],
    },
    {
      kind: 'text',
      name: 'notice',
      label: 'Notice',
      hint: 'Public: what was wrong and what is right. The versions it corrects carry it too.',
      max: limits.notice,
    },
    {
      kind: 'line',
      name: 'corrects',
      label: 'Versions it corrects',
      hint: 'Their numbers, such as 2, 3. Left empty: those that had what this one changes.',
    },
  ],
};

function aboutTheChange({ story, version, asked }: Target): Group {
  return {
    legend: story ? 'The change' : 'Publishing',
    fields: [
      ...(story
        ? [
            {
              kind: 'choice' as const,
              name: 'significance',
              label: 'How much it matters',
              choices: [
                { value: 'major', label: 'Major', hint: 'News, or anything a reader should hear of.' },
                { value: 'minor', label: 'Minor', hint: 'Spelling, style, a clearer phrase.' },
              ],
            },
          ]
        : [
            {
              kind: 'line' as const,
              name: 'slug',
              label: 'Name in its address',
              hint: 'Lower-case letters and digits with hyphens between. Left empty: made from the headline.',
              plain: true,
            },
          ]),
      {
        kind: 'text',
        name: 'note',
        label: 'Change note',
        hint: 'Public, one sentence: why.',
        max: limits.note,
        rows: 2,
      },
      {
        kind: 'moment',
        name: 'from',
        label: 'In force from',
        hint:
          story && version?.waiting && asked.restores === undefined
            ? `Left empty: from the time of version ${version.version}, which this one replaces. To publish that one now, change its time.`
            : 'Left empty: at once. A later time is an embargo.',
      },
    ],
  };
}

/** Goes along: the version that the form was filled from, against which what was typed is a change. */
const filledFrom: Group = { legend: '', fields: [{ kind: 'carried', name: 'filled' }] };

const shared = {
  of: 'words' as const,
  more: {
    label: 'Add another statement',
    ask: (typed: Typed): Typed => ({ ...typed, [`words-${statementsIn(typed) + 1}`]: '' }),
  },
  groups: (target: Target, typed: Typed): Group[] => [
    words,
    about,
    ...Array.from({ length: statementsIn(typed) }, (_, index) => statement(index + 1, target)),
    ...(target.story
      ? [target.asked.correct === undefined ? { ...correction, folded: 'until-typed' as const } : correction]
      : []),
    aboutTheChange(target),
    filledFrom,
  ],
};

export const publishing: Action = {
  ...shared,
  name: 'New story',
  button: 'Record the story',
  rights: ['publish'],
  fits: () => true,
  read(reader) {
    const { content, dropped } = contentOf(reader) ?? {};
    const statements = statementsOf(reader);
    const slug = reader.slug('slug');
    if (!content) return undefined;
    const said = { ...saidOf(reader), ...(statements && { statements: statements.drafts }) };
    return {
      asked: { type: 'publish', content, ...(slug !== undefined && { slug }), ...said },
      dropped: [...dropped!, ...(statements?.dropped ?? [])],
    };
  },
  done: () => 'The story is recorded.',
};

export const writing: Action = {
  ...shared,
  name: 'Write a new version',
  button: 'Record the version',
  title: ({ asked }) =>
    asked.restores !== undefined
      ? `Restore version ${asked.restores}`
      : asked.correct !== undefined
        ? 'Issue a correction'
        : 'Write a new version',
  intro: ({ version, asked, zone, corrections }) => {
    if (!version) return undefined;
    if (asked.restores !== undefined) {
      const errors = corrections.filter(
        ({ corrects, notice }) => notice !== null && corrects.includes(version.version),
      );
      const wrong = errors.length > 0 ? ' It has since been corrected; see the notices on the story’s desk.' : '';
      return `These are the words of version ${version.version}. They come back as they are, or as you change them.${wrong}`;
    }
    if (version.waiting)
      return `These are the words of version ${version.version}, which waits until ${timeText(version.inForceFrom, zone, full)}.`;
    return `These are the words of version ${version.version}${version.current ? ', which is in force' : ''}.`;
  },
  rights: ['new-version'],
  fits: () => true,
  values: ({ version, asked }) => ({
    ...(version && typedContent(version.content)),
    ...(version && { filled: String(version.version) }),
    significance: 'major',
    kind: asked.correct === undefined ? '' : 'correction',
  }),
  read(reader, { version, asked }): Read | undefined {
    const { content, dropped } = contentOf(reader, version?.content) ?? {};
    const statements = statementsOf(reader);
    const corrected = correctionOf(reader);
    const base = asked.base ?? reader.text('base');
    const supersedes = reader.numbers('supersedes');
    if (!content) return undefined;
    return {
      asked: {
        type: 'new-version',
        ...content,
        ...(statements && { statements: statements.drafts }),
        ...(corrected && { correction: corrected }),
        ...(asked.restores !== undefined && { restores: Number(asked.restores) }),
        ...(base !== undefined && asked.restores === undefined && { base: Number(base) }),
        ...(supersedes && { supersedes }),
        significance: (reader.text('significance') ?? 'major') as Significance,
        ...saidOf(reader),
      },
      dropped: [...dropped!, ...(statements?.dropped ?? [])],
    };
  },
  done: (version) => `Version ${version} is recorded.`,
};

const saidOf = (reader: Reader) => {
  const inForceFrom = reader.moment('from');
  return { ...reader.said('note'), ...(inForceFrom && { inForceFrom }) };
};

function statementsOf(reader: Reader): { drafts: StatementDraft[]; dropped: Dropped[] } | undefined {
  const drafts: StatementDraft[] = [];
  const dropped: Dropped[] = [];
  for (let number = 1; number <= statementsIn(reader.typed); number++) {
    const [speaker, organisation, said, after] = ['speaker', 'organisation', 'words', 'after'].map((name) =>
      reader.text(`${name}-${number}`),
    );
    if (!speaker && !organisation && !said?.trim()) continue;
    const given = {
      speaker: speaker ?? '',
      ...(organisation && { organisation }),
      ...(after && { after }),
      body: { markdown: said ?? '' },
    };
    const parsed = parseStatement(given, `/statements/${number}`);
    if (!parsed.ok) faulted(reader, parsed.faults);
    else {
      const { dropped: lost, ...draft } = parsed.value;
      drafts.push(draft);
      dropped.push(...lost);
    }
  }
  return drafts.length > 0 ? { drafts, dropped } : undefined;
}

function correctionOf(reader: Reader): CorrectionDraft | undefined {
  const kind = reader.text('kind') as CorrectionKind | undefined;
  const notice = reader.text('notice');
  const corrects = reader.numbers('corrects');
  if (kind && notice) return { kind, notice, ...(corrects && { corrects }) };
  if (kind) reader.fault('notice', 'A correction says publicly what was wrong and what is right.');
  else if (notice || corrects) reader.fault('kind', 'Choose the kind of correction, or empty the fields below it.');
  return undefined;
}

/**
 * The example: an invented story with everything that a first look needs: a statement added, an update, a paragraph moved
 * and a figure changed, a correction, and a version still under embargo. Its day is always yesterday.
 */

import { type ParsedBody, parseBody } from '../content/parse-body.js';
import type { Fields } from '../content/types.js';
import { exampleAddress } from '../reading/embed/example-address.js';
import type { CorrectionDraft, StatementDraft } from '../story/commands.js';
import type { Editor, Significance } from '../story/events.js';
import { type Instant, parseInstant, plusMs } from '../story/instant.js';

export const exampleSlug = 'harrow-bay-ferry-fire';

export interface ExampleVersion {
  at: Instant;
  editor: Editor;
  note?: string;
  significance?: Significance;
  fields: Partial<Fields>;
  body?: ParsedBody['blocks'];
  statements?: StatementDraft[];
  correction?: CorrectionDraft;
}

const ines: Editor = { id: 'ines.varga', name: 'Ines Varga' };
const tom: Editor = { id: 'tom.achterberg', name: 'Tom Achterberg' };

const fire =
  'All ferries between Harrow Bay and Eyot Island stopped this morning after fire broke out at Quay 9, where the *Marram* was taking on passengers for the 11:00 crossing.';
const ashore = (passengers: string) =>
  `The ${passengers} passengers already aboard were led back along the quay within minutes. Nobody was hurt, the harbour office said, and the fire was out by a quarter past eleven.`;
const cause =
  'It began in the cabinet that charges the ferry’s batteries from the shore, according to two dock workers who raised the alarm. The harbour office would not confirm that.';
const noComment = 'Bay Island Ferries, which runs the route, had not commented by the time of publication.';
const island =
  'Eyot Island has some 900 residents and no bridge. Its school kept forty mainland pupils in the community hall, and the island’s only shop asked those at home to leave the bread for whoever was stranded.';
const freight = 'Freight for the island, which goes from Quay 4, was not affected.';
const statement = [
  '“Our crew did exactly what they train for. Every passenger was off the vessel four minutes after the alarm, and I thank them for how calmly they went.',
  '“The *Marram* herself is undamaged. We are moving her to Quay 4 and mean to sail again this afternoon. Today’s tickets are good for any crossing this week.”',
];
const resume =
  'Crossings begin again at 16:00 from Quay 4, the harbour office said at half past twelve, with one ferry an hour instead of two until Quay 9 has been inspected.';
const sailed = (passengers: string) =>
  `The *Marram* left Quay 4 at 16:04 with ${passengers} passengers, the first crossing in five hours. Several had waited on the sea wall since the morning.`;
const stopped =
  'Ferries between Harrow Bay and Eyot Island had stopped at eleven after fire broke out at Quay 9, where the same ship was taking on passengers.';
const inspection =
  'Inspectors of the harbour office began to take the burnt cabinet apart in the afternoon. Quay 9 stays closed, and the timetable hourly, until they are done.';
const report =
  'A cable worn through by its own clamp started the fire that stopped the Eyot Island ferries, the harbour office says in a report published this morning.';
const clamp =
  'The clamp had been tightened beyond what its maker allows when the cabinet at Quay 9 was serviced in spring, the inspectors found. The three other cabinets in the harbour, serviced by the same firm, were checked overnight and are safe.';
const reopened = 'Quay 9 opens again at noon, and with it the half-hourly timetable.';

const markdown = (paragraphs: string[]): ParsedBody['blocks'] => {
  const parsed = parseBody({ markdown: paragraphs.join('\n\n') });
  if (!parsed.ok) throw new Error(parsed.faults[0]!.detail);
  return parsed.value.blocks;
};

/** The versions in order. The last is under embargo: its time is tomorrow; all others are of yesterday (UTC). */
export function exampleVersions(now: Instant): ExampleVersion[] {
  const day = 24 * 60 * 60 * 1000;
  const yesterday = (time: string) => parseInstant(`${plusMs(now, -day).slice(0, 10)}T${time}:00Z`)!;
  const tomorrow = (time: string) => parseInstant(`${plusMs(now, day).slice(0, 10)}T${time}:00Z`)!;
  return [
    {
      at: yesterday('11:27'),
      editor: ines,
      fields: {
        headline: 'Ferries stopped after fire at Quay 9',
        standfirst: 'Passengers led ashore unhurt; no crossings to Eyot Island until further notice',
        byline: 'By Ines Varga in Harrow Bay',
        authors: [{ name: 'Ines Varga', role: 'Harbour reporter' }],
        section: 'Harbour',
        tags: ['ferries', 'Eyot Island', 'Quay 9'],
        language: 'en-GB',
        url: exampleAddress,
      },
      body: markdown([fire, ashore('140'), cause, noComment, island, freight]),
    },
    {
      at: yesterday('12:20'),
      editor: ines,
      note: 'Statement of Bay Island Ferries added.',
      fields: {},
      statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', blocks: markdown(statement) }],
    },
    {
      at: yesterday('12:41'),
      editor: tom,
      note: 'The harbour office has said when crossings begin again.',
      fields: {
        headline: 'Ferries to sail again at four after fire at Quay 9',
        standfirst: 'Passengers led ashore unhurt; hourly crossings from Quay 4 this afternoon',
      },
      body: markdown([fire, resume, ashore('140'), cause, island, freight, ...statement]),
    },
    {
      at: yesterday('13:05'),
      editor: ines,
      note: 'The harbour office has counted the passengers. The paragraph on the island has moved up.',
      significance: 'minor',
      fields: {},
      body: markdown([fire, resume, island, ashore('118'), cause, freight, ...statement]),
    },
    {
      at: yesterday('16:32'),
      editor: tom,
      note: 'The first ferry has left.',
      fields: {
        headline: 'First ferry leaves Harrow Bay after fire at Quay 9',
        standfirst: 'Hourly crossings from Quay 4 while inspectors look for the cause',
      },
      body: markdown([sailed('62'), stopped, inspection, island, ashore('118'), cause, ...statement]),
    },
    {
      at: yesterday('17:10'),
      editor: ines,
      correction: {
        notice:
          'An earlier version said that the first ferry sailed with 62 passengers. There were 26; the figure had been read out the wrong way round.',
      },
      fields: {},
      body: markdown([sailed('26'), stopped, inspection, island, ashore('118'), cause, ...statement]),
    },
    {
      at: tomorrow('06:00'),
      editor: ines,
      note: 'The report of the harbour office is under embargo until six.',
      fields: {
        headline: 'Worn cable started the fire at Quay 9, report says',
        standfirst: 'Other charging cabinets in the harbour are safe; half-hourly ferries return at noon',
      },
      body: markdown([report, clamp, reopened, ashore('118'), island, ...statement]),
    },
  ];
}

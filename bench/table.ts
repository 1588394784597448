/** The one table that `npm run bench` prints: each figure beside its baseline, what is wanted of it, and whether it holds. */

/** `of`: what is judged, where that is not the ratio; `unit`: what it is counted in. */
export type Wanted = ({ atLeast: number } | { atMost: number }) & { of?: number; unit?: string };

export interface Figure {
  what: string;
  /** Size of the bodies, connections, warm or cold, what runs on which core. */
  conditions: string;
  /** With their units. */
  ours: string;
  baseline?: string;
  /** Ours divided by the baseline's, the median of rounds that took turns. */
  ratio?: number;
  /** Left out: told, not judged. */
  wanted?: Wanted;
}

/** What every part of the bench exports as `figures`: each figure as soon as it is measured. */
export type Part = () => AsyncIterable<Figure>;

/** Undefined where nothing is wanted. */
export function holds({ ratio, wanted }: Figure): boolean | undefined {
  if (!wanted) return undefined;
  const judged = wanted.of ?? ratio ?? Number.NaN;
  return 'atLeast' in wanted ? judged >= wanted.atLeast : judged <= wanted.atMost;
}

const heads = ['what', 'conditions', 'ours', 'baseline', 'ratio', 'wanted', ''];

const wantedText = (wanted: Wanted): string =>
  `${'atLeast' in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`}${wanted.unit ? ` ${wanted.unit}` : ''}`;

const verdicts = new Map([
  [true, 'ok'],
  [false, '**missed**'],
  [undefined, ''],
]);

const cells = (figure: Figure): string[] => [
  figure.what,
  figure.conditions,
  figure.ours,
  figure.baseline ?? '',
  figure.ratio?.toFixed(2) ?? '',
  figure.wanted ? wantedText(figure.wanted) : '',
  verdicts.get(holds(figure))!,
];

/** As Markdown, so that it can be pasted into the documentation. */
export const table = (figures: readonly Figure[]): string =>
  [heads, heads.map(() => '---'), ...figures.map(cells)].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A number as people read it: three digits that mean something. */
export const told = (value: number, unit: string): string =>
  `${value >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3))} ${unit}`;

/** Which format an answer takes: `?format=` if given, else what `Accept` prefers (RFC 9110, section 12.5.1). */
import { Refused } from './problem.js';

export const mediaTypes = {
  json: 'application/json',
  markdown: 'text/markdown',
  text: 'text/plain',
  html: 'text/html',
  // Two further forms of one kind of document are asked for by name: by `Accept` only the first of a kind is given.
  unified: 'text/x-diff',
  'side-by-side': 'text/html',
  'schema.org': 'application/ld+json',
  // IPTC has registered no media type of its own, so this one is asked for by `format` alone.
  ninjs: 'application/json',
  events: 'text/event-stream',
} as const;
export type Format = keyof typeof mediaTypes;

/** For `Content-Type`. */
export const contentType = (format: Format): string => `${mediaTypes[format]}; charset=utf-8`;

interface Range {
  type: string;
  subtype: string;
  /** 0 to 1. */
  quality: number;
}

function ranges(accept: string): Range[] {
  return accept.split(',').flatMap((member) => {
    const [range = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
    const [type, subtype] = range.split('/');
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const quality = weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
    return type && subtype ? [{ type, subtype, quality }] : [];
  });
}

/** The quality `accept` gives to a media type: that of the most specific range that holds it, 0 for none. */
function qualityOf(mediaType: string, accepted: readonly Range[]): number {
  const [type, subtype] = mediaType.split('/');
  const exact = accepted.find((range) => range.type === type && range.subtype === subtype);
  const kind = accepted.find((range) => range.type === type && range.subtype === '*');
  return (exact ?? kind ?? accepted.find((range) => range.type === '*' && range.subtype === '*'))?.quality ?? 0;
}

/**
 * The best of `offered`, in the server's order where the caller has no preference. Throws Refused `unknown-format` for a
 * `format` that is not offered and `not-acceptable` where `accept` allows none.
 */
export function negotiate<F extends Format>(
  accept: string | undefined,
  format: string | undefined,
  offered: readonly [F, ...F[]],
): F {
  if (format !== undefined) {
    const named = offered.find((one) => one === format);
    if (named) return named;
    throw new Refused({ code: 'unknown-format', detail: `Offered here: ${offered.join(', ')}.`, offered });
  }
  if (accept === undefined || accept === '*/*') return offered[0];
  const accepted = ranges(accept);
  if (!accepted.length) return offered[0];
  const rated = offered.map((one) => ({ one, quality: qualityOf(mediaTypes[one], accepted) }));
  const best = rated.reduce((a, b) => (b.quality > a.quality ? b : a));
  if (best.quality > 0) return best.one;
  const types = [...new Set(offered.map((one) => mediaTypes[one]))];
  throw new Refused({ code: 'not-acceptable', detail: `Offered here: ${types.join(', ')}.`, offered: types });
}

/** Whether the caller would rather have a page than JSON, as browsers would. */
export function prefersHtml(accept: string | undefined): boolean {
  const accepted = ranges(accept ?? '*/*');
  return qualityOf('text/html', accepted) > qualityOf('application/json', accepted);
}

/**
 * How the body of a manifest lies in a row: as it is, or, if it is long, by what it shares with the body of an earlier
 * version, so that a long story's thousandth version costs what it changes. Every sixteenth version is complete, so that
 * reading one takes two rows at most.
 */
import type { Manifest } from '../story/events.js';

type Body = Manifest['body'];
/** References of its own, and parts of the other body: from one index up to another, with another revision if one is given. */
type Part = Body[number] | readonly [from: number, to: number, revision?: number];
export interface Likeness {
  of: number;
  parts: readonly Part[];
}

const every = 16;
/** Shorter ones, as JSON, are kept as they are. */
const longest = 200;

/** The version that this one's body may be kept by; itself: it is complete. */
export const completeFor = (version: number): number => version - ((version - 1) % every);

/** What is kept of a version's body. `complete`: the body of the version that `completeFor` names. */
export function keptBody(body: Body, version: number, complete: Body): Body | Likeness {
  const of = completeFor(version);
  if (of === version || JSON.stringify(body).length <= longest) return body;
  const places = new Map(complete.map(([key], place) => [key, place]));
  const parts: Part[] = [];
  let run: [from: number, to: number, revision?: number] | undefined;
  for (const reference of body) {
    const [key, revision] = reference;
    const place = places.get(key);
    if (place === undefined) {
      parts.push(reference);
      run = undefined;
      continue;
    }
    const other = complete[place]![1] === revision ? undefined : revision;
    if (run && run[1] === place && run[2] === other) {
      run[1]++;
    } else {
      run = other === undefined ? [place, place + 1] : [place, place + 1, other];
      parts.push(run);
    }
  }
  return { of, parts };
}

export const isLikeness = (kept: Body | Likeness): kept is Likeness => 'parts' in kept;

export const wholeBody = ({ parts }: Likeness, complete: Body): Body =>
  parts.flatMap((part): Body => {
    if (typeof part[0] !== 'number') return [part as Body[number]];
    const [from, to, revision] = part as [number, number, number?];
    const some = complete.slice(from, to);
    return revision === undefined ? some : some.map(([key]) => [key, revision]);
  });

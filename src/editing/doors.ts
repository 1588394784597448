/** What all doors of the write path share: a request handed to the one handler, and its answer in HTTP's terms. */
import type { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Viewer } from '../access/viewer.js';
import type { Findings } from '../content/check.js';
import type { Dropped } from '../content/types.js';
import { parseVersionNumber } from '../story/version-number.js';
import { writersEtag } from '../web/etag.js';
import { Refused } from '../web/problem.js';
import { invalid } from '../web/validation.js';
import type { ChangedAnswer } from './answer-members.js';
import { type Asked, type Change, ChangeStory, changeBy, type Outcome } from './change-story.js';
import type { EditorMember } from './members.js';
import { parsed, readEditor } from './parse-requests.js';

export const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same request with the same key is carried out once. 1 to 255 visible ASCII characters.',
};
export const precondition = {
  name: 'If-Match',
  required: true,
  description: 'The story’s ETag as you have seen it, or * for whatever it is.',
};
export const versionParam = { name: 'version', schema: { type: 'integer', minimum: 1 } } as const;

/** Who asks, of which story, and what came with the request. */
export interface Given {
  viewer: Viewer;
  story?: string;
  headers: Record<string, string | undefined>;
  request: object;
  editor?: EditorMember | undefined;
}

/** The change that a request asks for. Throws Refused `invalid` and `on-behalf-forbidden`. */
export function changeOf({ viewer, story, headers, request, editor }: Given, asked: Asked): Change {
  const named = parsed((found) => readEditor(editor, found));
  if (named.editor && !viewer.onBehalf) {
    throw new Refused({
      code: 'on-behalf-forbidden',
      detail: 'This token writes in its own name; leave `editor` out.',
    });
  }
  return changeBy(viewer, asked, {
    ...named,
    request: JSON.parse(JSON.stringify(request)),
    ...(story !== undefined && { story }),
    ...(headers['if-match'] !== undefined && { ifMatch: headers['if-match'] }),
    ...(headers['idempotency-key'] !== undefined && { idempotencyKey: headers['idempotency-key'] }),
  });
}

export interface Door extends Given {
  reply: FastifyReply;
}

/** Reads a request, has it carried out, and answers: 201 with its Location where something with an address was made. */
export async function through(
  commands: CommandBus,
  { reply, ...given }: Door,
  read: (found: Findings) => Asked,
): Promise<ChangedAnswer> {
  const { asked, dropped } = parsed((found) => ({ asked: read(found), dropped: found.dropped }));
  return answered(reply, dropped, await commands.execute(new ChangeStory(changeOf(given, asked))));
}

function answered(reply: FastifyReply, dropped: readonly Dropped[], outcome: Outcome): ChangedAnswer {
  if (!outcome.ok) throw new Refused(outcome.refusal, outcome.headers);
  const { story: id, slug, revision, version, acts, inForceFrom, recordedAt, changed, visible } = outcome;
  const { made, correction, withdrawal, hiding, erasure } = outcome;
  reply.header('etag', writersEtag(revision, outcome.versionInForce));
  reply.header('palimpsest-position', outcome.position);
  const isNew = changed && !outcome.repeated && made !== null;
  reply.status(isNew ? 201 : 200);
  if (isNew) {
    const address = {
      version: `versions/${version}`,
      withdrawal: `withdrawals/${withdrawal}`,
      hiding: `hidings/${hiding}`,
    };
    reply.header('location', `/api/stories/${slug ?? id}/${address[made]}`);
  }
  return {
    story: { id, slug, revision },
    version,
    acts,
    inForceFrom,
    recordedAt,
    ...(correction !== undefined && { correction }),
    ...(withdrawal !== undefined && { withdrawal }),
    ...(hiding !== undefined && { hiding }),
    ...(erasure && { erasure }),
    changed,
    visible,
    dropped,
  };
}

/** A version's number as the path has it. Throws Refused `invalid`. */
export function numberOfVersion(typed: string): number {
  const number = parseVersionNumber(typed);
  if (number !== undefined) return number;
  throw invalid([{ parameter: 'version', code: 'bad-version', detail: 'A version is a number from 1.' }]);
}

/** What the pages of a story and of its versions say to archives in their headers (RFC 7089, RFC 5829). */
import { addLinks, originOf } from '../../web/link.js';
import type { Visit } from '../answering.js';
import { mementoDatetime } from './datetime.js';
import { linksOfMemento, linksOfPage } from './links.js';

/** Sets the headers of a story's own page, or of the page of one of its versions. `story`: its id. */
export async function tellArchives({ house, request, reply }: Visit, story: string, version?: number): Promise<void> {
  const answer = await house.history.memento(story, version ?? 'now');
  if (!answer.ok) return;
  const origin = originOf(house.config, request);
  const { memento } = answer.value;
  addLinks(reply, (version === undefined ? linksOfPage : linksOfMemento)(origin, answer.value));
  if (version !== undefined && memento) reply.header('memento-datetime', mementoDatetime(memento.from));
}

/** What those who run the service are told of its work: in the log, in metrics, in traces. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

const lines: { [member: string]: unknown }[] = [];
let app: RunningApp;

beforeAll(async () => {
  app = await startApp({ env: { PALIMPSEST_LOG_LEVEL: 'info' }, log: (line) => lines.push(JSON.parse(line)) });
});
afterAll(() => app.dispose());

const publish = (headline: string) =>
  app.ask('/api/stories', { as: 'editor', body: { headline, body: { text: 'No crossings today.' } } });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

describe('the log', () => {
  test('one id leads from a request to its answer, its log line, its record and its projection', async () => {
    const { json } = await publish('Ferry to Eyot Island suspended');
    const path = `/api/stories/${json.story.id}/versions`;
    const correlationId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const update = (more: Record<string, string>) =>
      app.ask(path, {
        as: 'editor',
        body: { headline: 'Ferry to Eyot Island runs again' },
        headers: { 'x-correlation-id': correlationId, ...more },
      });

    const refused = await update({});
    expect(refused.json).toMatchObject({ code: 'precondition-required', correlationId });
    const written = await update({ 'if-match': '*' });
    expect(written.headers.get('x-correlation-id')).toBe(correlationId);

    const { json: record } = await app.ask(`/api/stories/${json.story.id}/events`, { as: 'auditor' });
    expect(record.items[1].record.metadata).toMatchObject({ correlationId });
    const told = () => lines.filter((line) => line.correlationId === correlationId);
    await until(() => told().length === 3);
    expect(told()).toEqual([
      expect.objectContaining({ method: 'POST', route: '/api/stories/:story/versions', status: 428 }),
      expect.objectContaining({ msg: 'projected', story: json.story.id, revision: 1, type: 'StoryUpdated' }),
      expect.objectContaining({ method: 'POST', route: '/api/stories/:story/versions', status: 201 }),
    ]);
    for (const path of [`/api/stories/${json.story.id}`, `/api/stories/${json.story.id}/versions/2`]) {
      const { text, headers } = await app.ask(path);
      expect([text, ...headers.values()].join('\n')).not.toContain(correlationId);
    }
  });
});

/** Requests of writers, by the verbs they stand for: whatever the story's state, unless the headers say otherwise. */
import type { Answer, RunningApp } from '../support/start-app.js';

interface As {
  as?: 'editor' | 'standards' | 'auditor';
  headers?: Record<string, string>;
}

export const newsroom = (app: RunningApp) => {
  const send = (
    method: string,
    path: string,
    body: object | undefined,
    { as = 'standards', headers = { 'if-match': '*' } }: As = {},
  ): Promise<Answer> => app.ask(path, { as, method, headers, ...(body && { body }) });
  return {
    send,
    /** A story of its own; gives its slug. */
    async published(headline: string, more: object = {}): Promise<string> {
      const body = { headline, body: { markdown: 'A fire stopped all sailings.\n\nNobody was hurt.' }, ...more };
      const answer = await send('POST', '/api/stories', body, { headers: {} });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.json.story.slug;
    },
    change: (story: string, body: object, as?: As) => send('POST', `/api/stories/${story}/versions`, body, as),
    withdraw: (story: string, body: object, as?: As) => send('POST', `/api/stories/${story}/withdrawals`, body, as),
    reinstate: (story: string, body: object = {}, as?: As) =>
      send('POST', `/api/stories/${story}/reinstatements`, body, as),
    amend: (story: string, version: number, body: object, as?: As) =>
      send('PATCH', `/api/stories/${story}/versions/${version}`, body, as),
    cancel: (story: string, version: number, body?: object, as?: As) =>
      send('DELETE', `/api/stories/${story}/versions/${version}`, body, as),
  };
};

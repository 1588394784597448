/** A newsroom over HTTP for these tests: a service with a clock that is set, and what is told to it. */
import { expect } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

export interface Newsroom {
  app: RunningApp;
  /** Sets the clock: a time of 14 May 2026 in UTC (`11:27`, `11:27:00.100`). Time never goes back. */
  at(time: string): void;
  clock(): number;
  /** Fails unless it is done. Answers what the service did. */
  tell(method: string, path: string, body?: object): Promise<Told>;
  publish(body: object): Promise<Told>;
  version(story: string, body: object): Promise<Told>;
}
// biome-ignore lint/suspicious/noExplicitAny: answers to writes have many shapes.
type Told = any;

export const instant = (time: string): string => {
  const [hours, minutes, seconds = '00'] = time.split(':');
  return new Date(Date.parse(`2026-05-14T${hours}:${minutes}:00.000Z`) + Number(seconds) * 1000).toISOString();
};

export async function openNewsroom(env: Record<string, string> = {}): Promise<Newsroom> {
  let now = Date.parse(instant('11:00'));
  const app = await startApp({ clock: () => now, env });
  async function tell(method: string, path: string, body: object = {}): Promise<Told> {
    const { status, json } = await app.ask(`/api/stories${path}`, {
      as: 'standards',
      method,
      body: { ...body, editor: { id: 'ines', name: 'Ines Varga' } },
      headers: { 'if-match': '*' },
    });
    expect([method, path, Math.floor(status / 100), json.code]).toEqual([method, path, 2, undefined]);
    return json;
  }
  return {
    app,
    at: (time) => {
      now = Math.max(now, Date.parse(instant(time)));
    },
    clock: () => now,
    tell,
    publish: (body) => tell('POST', '', { body: { text: 'Ferries are not running.' }, ...body }),
    version: (story, body) => tell('POST', `/${story}/versions`, body),
  };
}

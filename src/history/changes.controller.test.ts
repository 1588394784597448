/** Asking for a kind of change that is rare: an answer has an end, and nobody works for who has gone. */
import { expect, test } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { silent } from '../telemetry/telemetry.js';
import type { Views } from '../views/views.js';
import type { Followed } from './answers.js';
import { ChangesController } from './changes.controller.js';
import type { PublicStream } from './questions.js';

/** A stream without end in which every change is of another kind. */
function asked(isGone: () => boolean) {
  let looks = 0;
  const history: PublicStream = {
    placeInStream: () => ({ ok: true, value: { place: 0 } }),
    cursorAt: () => 'the end',
    follow({ place }): Followed {
      looks++;
      const reached = place + 100;
      return { items: [], passed: { count: 100, cursor: `behind ${reached}` }, place: reached, end: false };
    },
  };
  const views = { whenAnnounced: () => () => {} } as unknown as Views;
  const controller = new ChangesController(
    history,
    views,
    { streams: 1, trustedProxies: [] } as unknown as Config,
    silent,
  );
  const { promise, resolve } = Promise.withResolvers<string>();
  const reply = {
    headers: () => reply,
    send: resolve,
    get raw() {
      return { destroyed: isGone() };
    },
  } as unknown as FastifyReply;
  const request = { headers: {}, method: 'GET', raw: { socket: {} } } as unknown as FastifyRequest;
  void controller.changes({ type: 'withdrawal' }, request, reply);
  controller.beforeApplicationShutdown();
  return { sent: promise, looks: () => looks };
}

test('after a thousand changes of other kinds the answer is an empty page that leads on', async () => {
  const { sent, looks } = asked(() => false);
  expect(JSON.parse(await sent)).toEqual({ items: [], next: 'behind 1000', end: false });
  expect(looks()).toBe(10);
});

test('nothing more is looked at for somebody who has gone', async () => {
  const { sent, looks } = asked(() => true);
  await sent;
  expect(looks()).toBe(1);
});

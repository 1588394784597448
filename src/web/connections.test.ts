import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { expect, test } from '@jest/globals';
import { networks } from './client-address.js';
import { boundConnections } from './connections.js';

test('one address has a tenth of the connections; a named proxy and this machine have as many as there are', () => {
  const server = new EventEmitter() as Server;
  boundConnections(server, 20, networks(['203.0.113.9']));
  const connect = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), {
      remoteAddress,
      open: true,
      destroy() {
        socket.open = false;
        socket.emit('close');
      },
    });
    server.emit('connection', socket);
    return socket;
  };
  const first = connect('198.51.100.1');
  const ofOne = [first, ...['198.51.100.1', '::ffff:198.51.100.1', '198.51.100.1'].map(connect)];
  expect(ofOne.map(({ open }) => open)).toEqual([true, true, false, false]);
  expect(connect('198.51.100.2').open).toBe(true);
  for (const many of ['203.0.113.9', '127.0.0.1', '10.1.2.3']) {
    expect(Array.from({ length: 10 }, () => connect(many).open)).toEqual(Array(10).fill(true));
  }
  first.destroy();
  expect([connect('198.51.100.1').open, connect('198.51.100.1').open]).toEqual([true, false]);
  expect(server.maxConnections).toBe(20);
});

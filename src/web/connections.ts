/** Connections as such: how many there may be, in all and of one address, and which are ended when the service closes. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type Networks, peerOf } from './client-address.js';

/** Of all connections, what those of one address may be. */
const share = 0.1;

/** Past `most`, or an address's share of them, connections are closed. Those of trusted proxies bring many readers each. */
export function boundConnections(server: Server, most: number, isTrusted: Networks): void {
  server.maxConnections = most;
  const mostOfOne = Math.ceil(most * share);
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const from = peerOf(socket, isTrusted);
    if (from === undefined) return;
    const others = open.get(from) ?? 0;
    if (others >= mostOfOne) return void socket.destroy();
    open.set(from, others + 1);
    socket.once('close', () => {
      const left = open.get(from)! - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    });
  });
}

/**
 * Ends connections on which nothing was ever asked: browsers open such ahead, and a closing server would wait for a request
 * on them for a minute or more.
 */
export function unaskedClosing(server: Server): () => Promise<void> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return async () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}

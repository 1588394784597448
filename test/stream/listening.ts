/** Follows the public stream as a program would: server-sent events over a connection of its own. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

export interface Told {
  /** The cursor. */
  cursor: string;
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into changes of many kinds.
  change: any;
}

export interface Listener {
  response: IncomingMessage;
  /** Everything that came, as it came. */
  raw(): string;
  /** The next change; waits for it. */
  next(): Promise<Told>;
  /** Changes from the first on up to where the stream had caught up with what there was. */
  caughtUp(): Promise<Told[]>;
  /** Ends when the other side has ended it. */
  ended: Promise<void>;
  /** The last `id:` that came. */
  lastId(): string | undefined;
  close(): void;
}

export async function listen(url: string, path = '/api/changes', headers = {}): Promise<Listener> {
  const request = get(`${url}${path}`, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  let text = '';
  let read = 0;
  let lastId: string | undefined;
  const told: Told[] = [];
  let taken = 0;
  let isCaughtUp = false;
  let wake = Promise.withResolvers<void>();
  response.on('data', (piece: string) => {
    text += piece;
    for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
      const fields = text
        .slice(read, end)
        .split('\n')
        .map((line) => /^([a-z]*): ?(.*)$/.exec(line)!.slice(1) as [string, string]);
      const { id, event, data, '': comment } = Object.fromEntries(fields);
      read = end + 2;
      lastId = id ?? lastId;
      if (data !== undefined) told.push({ cursor: id!, type: event!, change: JSON.parse(data) });
      if (comment === 'caught up') isCaughtUp = true;
    }
    wake.resolve();
    wake = Promise.withResolvers();
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await Promise.race([wake.promise, ended.then(() => Promise.reject(new Error('the stream ended')))]);
  };
  return {
    response,
    raw: () => text,
    async next() {
      await until(() => told.length > taken);
      return told[taken++]!;
    },
    async caughtUp() {
      await until(() => isCaughtUp);
      taken = told.length;
      return [...told];
    },
    ended,
    lastId: () => lastId,
    close: () => request.destroy(),
  };
}

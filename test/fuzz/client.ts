/** Sends requests over real HTTP: on connections kept alive, or, for what no client would send, on a socket of its own. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { Asked } from './valid.js';

export interface Answered {
  /** 0 where nothing that is an answer came back. */
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Why there is none: the connection was closed, or time ran out. */
  failed?: string;
}

/** How long an answer may take, in milliseconds. */
const patience = 30_000;

export interface Client {
  send(asked: Asked): Promise<Answered>;
  close(): void;
}

export function openClient(port: number, connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    async send(asked) {
      if (asked.label === 'bytes' || !isSendable(asked)) return onSocket(port, bytesOf(asked));
      const answered = await onAgent(port, agent, asked);
      // A connection that the other side was closing, perhaps after refusing what came before: not an answer to this.
      return answered.failed === undefined ? answered : onSocket(port, bytesOf(asked));
    },
    close: () => agent.destroy(),
  };
}

/** Node's client refuses to send such. */
const isSendable = ({ path, headers }: Asked): boolean =>
  /^\/[\x21-\xff]*$/.test(path) &&
  Object.values(headers).every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) &&
  !headers.expect;

function onAgent(port: number, agent: Agent, { method, path, headers, body }: Asked): Promise<Answered> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, headers: {}, text: '', failed: error.message });
    const chunked = headers['transfer-encoding'] !== undefined || body === undefined;
    const sent = request({
      port,
      host: '127.0.0.1',
      agent,
      method,
      path,
      headers: chunked ? headers : { ...headers, 'content-length': body.length },
      timeout: patience,
    });
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      const answered = () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(parts).toString() });
      const isEndless = response.headers['content-type']?.startsWith('text/event-stream') && method !== 'HEAD';
      response.on('data', (part: Buffer) => {
        parts.push(part);
        if (!isEndless || !part.toString().endsWith(': caught up\n\n')) return;
        answered();
        response.destroy();
      });
      response.on('end', answered);
      response.on('error', failed);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patience} ms`)));
    sent.on('error', failed);
    sent.end(body);
  });
}

function bytesOf({ label, method, path, headers, body = Buffer.alloc(0) }: Asked): Buffer {
  if (label === 'bytes') return body;
  const lines = Object.entries({
    host: '127.0.0.1',
    ...headers,
    'content-length': String(body.length),
    connection: 'close',
  });
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Sends the bytes and the end, and reads until the other side has ended too. */
function onSocket(port: number, bytes: Buffer): Promise<Answered> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const done = (failed?: string) =>
      resolve({ ...parsed(Buffer.concat(parts).toString('latin1')), ...(failed && { failed }) });
    socket.setTimeout(patience, () => {
      done(`no end within ${patience} ms`);
      socket.destroy();
    });
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => {});
    socket.on('close', () => done());
    socket.end(bytes);
  });
}

/** The first answer of those that came that is an error, else the first. */
function parsed(text: string): Answered {
  const answers = text.split(/(?=HTTP\/1\.1 [2-5]\d\d )/).map(single);
  return answers.find(({ status }) => status >= 400) ?? answers.find(({ status }) => status >= 200) ?? answers[0]!;
}

function single(answer: string): Answered {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':', 1)[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = rest.join('\r\n\r\n');
  // Of one chunk, as our answers are.
  const text = headers['transfer-encoding'] === 'chunked' ? (body.split('\r\n')[1] ?? '') : body;
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0), headers, text };
}

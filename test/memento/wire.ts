/** Answers as they stand on the wire, header names with their capitals. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface OnTheWire {
  status: number;
  /** In order, but for those that differ from request to request by nature. */
  lines: string[];
  /** By name exactly as written; none for a name that is not there. */
  header(name: string): string | undefined;
  body: string;
}

export async function onTheWire(
  url: string,
  path: string,
  { method = 'GET', ...headers }: Record<string, string> = {},
): Promise<OnTheWire> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const sent = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'];
  for (const [name, value] of Object.entries(headers)) sent.push(`${name}: ${value}`);
  socket.write(`${sent.join('\r\n')}\r\n\r\n`);
  const answer = await text(socket);
  const end = answer.indexOf('\r\n\r\n');
  const [statusLine, ...all] = answer.slice(0, end).split('\r\n');
  const lines = all.filter((line) => !/^(date|x-correlation-id|connection):/i.test(line));
  return {
    status: Number(statusLine!.split(' ')[1]),
    lines,
    header: (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2),
    body: answer.slice(end + 4),
  };
}

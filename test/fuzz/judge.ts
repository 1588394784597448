/** What must be so of every answer, whatever was asked. */
import type { Answered } from './client.js';
import type { Asked } from './valid.js';

/** 503 by design: asked to come again. */
const comeAgain = new Set(['views-behind', 'busy-story', 'not-there-yet', 'too-many-streams']);

/** A trace of how the service is made. */
const inside = /node_modules|\bat \S+ \(|\.[jt]s:\d+:\d+|SQLITE_|file:\/\/\//;

export interface Judged {
  /** Of the problem document, if it is one. */
  code?: string;
  fault?: string;
}

export function judge(asked: Asked, { status, headers, text, failed }: Answered): Judged {
  // Bytes that are no request may be answered with the end of the connection.
  if (status === 0) return asked.label === 'bytes' && !failed ? {} : { fault: failed ?? 'no answer' };
  if (/\bpal_[\w-]{43}/.test(text) && !/^\/sign-in/.test(asked.path)) return { fault: 'the answer has a token in it' };
  if (status >= 400) return judgeRefusal(asked, { status, headers, text });
  if (isHead(asked) || status === 304) return text === '' ? {} : { fault: 'an answer without a body has one' };
  if (/\bjson\b/.test(headers['content-type'] ?? '') && !isJson(text)) return { fault: 'the answer is not JSON' };
  if (asked.headers.authorization === undefined && /^"\d+\.\d+"$/.test(headers.etag ?? ''))
    return { fault: 'a reader is given the writers’ tag' };
  return {};
}

function judgeRefusal(asked: Asked, { status, headers, text }: Answered): Judged {
  const type = headers['content-type'] ?? '';
  if (isHead(asked)) return status >= 500 ? { fault: 'HEAD fails' } : {};
  if (inside.test(text)) return { fault: 'the refusal shows the inside of the service' };
  if (type.startsWith('text/html') && status < 500 && !/^\/(api|health)\//.test(asked.path)) return {};
  if (!type.startsWith('application/problem+json')) return { fault: `the refusal is ${type || 'of no type'}` };
  if (!isJson(text)) return { fault: 'the problem document is not JSON' };
  const problem = JSON.parse(text);
  const { code } = problem;
  if (status >= 500 && !(status === 503 && comeAgain.has(code) && headers['retry-after']))
    return { code, fault: 'it failed' };
  const wrong = [
    problem.type !== `/problems/${code}` && 'type',
    problem.status !== status && 'status',
    typeof problem.title !== 'string' && 'title',
    typeof problem.detail !== 'string' && 'detail',
    typeof problem.instance !== 'string' && 'instance',
    !problem.correlationId && 'correlationId',
    headers['x-correlation-id'] !== undefined &&
      headers['x-correlation-id'] !== problem.correlationId &&
      'correlationId',
    asked.label !== 'bytes' && headers['x-correlation-id'] === undefined && 'X-Correlation-Id',
    status === 401 && !headers['www-authenticate'] && 'WWW-Authenticate',
  ].filter(Boolean);
  return wrong.length ? { code, fault: `the problem document is wrong in ${wrong.join(', ')}` } : { code };
}

const isHead = ({ method, label, body }: Asked): boolean =>
  label === 'bytes' ? body!.toString('latin1', 0, 5) === 'HEAD ' : method === 'HEAD';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The small HTTP client of every command that asks the service something. */
import { type Ending, Stop } from './outcome.js';

/** How long an answer may take, in milliseconds. */
const patience = 60_000;
/** How often a busy service is asked again. */
const attempts = 5;

export interface Asked {
  method?: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface Client {
  url: string;
  /** Any answer as it is; a busy service (503) is asked again first. Throws Stop `unavailable` where there is none. */
  ask(request: Asked): Promise<Answered>;
  /** What is at a path, as JSON. Throws Stop with the problem's words where it is not 200. */
  get<T>(path: string): Promise<T>;
  /** The same as text. */
  getText(path: string): Promise<string>;
}

export function clientOf(url: string, token: string | undefined): Client {
  async function once({ method = 'GET', path, headers = {}, body }: Asked): Promise<Answered> {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    try {
      const response = await fetch(url + path, {
        method,
        redirect: method === 'GET' ? 'follow' : 'manual',
        signal: AbortSignal.timeout(patience),
        ...sent,
        headers: {
          accept: 'application/json',
          ...sent.headers,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      const text = await response.text();
      const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    } catch (error) {
      throw new Stop('unavailable', `no answer from ${url}: ${reasonOf(error)}`);
    }
  }

  async function ask(request: Asked): Promise<Answered> {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(request);
      if (answer.status !== 503 || attempt === attempts) return answer;
      const seconds = Number(answer.headers.get('retry-after') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 5) * 1000));
    }
  }

  async function get(request: Asked): Promise<unknown> {
    const answer = await ask(request);
    if (answer.status !== 200) throw refusal(answer);
    return answer.body;
  }

  return {
    url,
    ask,
    get: <T>(path: string) => get({ path }) as Promise<T>,
    getText: (path) => get({ path, headers: { accept: 'text/plain, text/markdown' } }) as Promise<string>,
  };
}

/** An answer that is no success, as the end of the command. */
export function refusal({ status, body }: Answered): Stop {
  const ending: Ending = status >= 500 ? 'unavailable' : 'refused';
  const problem = typeof body === 'object' && body !== null ? (body as Problem) : {};
  const faults = (problem.faults ?? []).map(
    ({ pointer, parameter, detail }) => `\n  ${pointer ?? parameter ?? ''} ${detail}`,
  );
  return new Stop(ending, `${problem.detail ?? `the service answered ${status}`}${faults.join('')}`, body);
}

interface Problem {
  detail?: string;
  faults?: { pointer?: string; parameter?: string; detail: string }[];
}

/** `fetch` says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}

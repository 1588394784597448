/** What it asks: only the service that its script came from. */

export const service = new URL('../', import.meta.url);
/** Milliseconds. */
const patience = 15_000;

/** What was answered, or the status (0: nothing was) and problem code of why not. */
export type Answered<T> = { value: T } | Refused;
export interface Refused {
  status: number;
  code?: string;
  notice?: string;
}

/** Without the reader's cookies: where the service is of the page's own site, they may be an editor's. */
export async function ask<T>(path: string): Promise<Answered<T>> {
  try {
    const answer = await fetch(new URL(path, service), {
      credentials: 'omit',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patience),
    });
    const body = await answer.json();
    return answer.ok ? { value: body } : { status: answer.status, code: body.code, notice: body.notice };
  } catch {
    return { status: 0 };
  }
}

/** By XMLHttpRequest, which parses without running anything and so needs no policy where Trusted Types are required. */
export const askDocument = (path: string): Promise<Answered<Document>> =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.timeout = patience;
    request.onloadend = () => {
      const { status, response } = request;
      resolve(status === 200 && response ? { value: response } : { status });
    };
    request.open('GET', new URL(path, service));
    request.send();
  });

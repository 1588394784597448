/** A publisher's own site, on another origin and under as strict a policy as there is, with `<story-history>` on its pages. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PublisherSite {
  url: string;
  /** Serves this as the body of `path`, with what is to stand in its head and on its root element. */
  put(path: string, page: { head?: string; root?: string; body: string }): void;
  stop(): Promise<void>;
}

/** `service`: the origin that the policy allows scripts and requests to, beside nothing. */
export async function openPublisher(service: string): Promise<PublisherSite> {
  const pages = new Map<string, string>();
  const policy = `default-src 'none'; script-src ${service}; connect-src ${service}; style-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  const server = createServer(({ url = '/' }, response) => {
    if (url === '/page.css') {
      response.writeHead(200, { 'content-type': 'text/css' }).end('body{background:Canvas;color:CanvasText}');
      return;
    }
    const page = pages.get(url.split('?')[0]!);
    response.writeHead(page === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
    });
    response.end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put(path, { head = '', root = 'lang="en"', body }) {
      pages.set(
        path,
        `<!doctype html><html ${root}><head><meta charset="utf-8"><title>The Courier</title><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">${head}<link rel="stylesheet" href="/page.css"><script type="module" src="${service}/embed/story-history.js"></script></head><body><main><h1>Our own page</h1>${body}</main></body></html>`,
      );
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => {});
    },
  };
}

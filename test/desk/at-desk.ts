/** Somebody at the desk over real HTTP: signs in, opens a form, fills it in and sends it as a browser without script does. */
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { RunningApp } from '../support/start-app.js';

type Role = 'editor' | 'standards' | 'auditor';

export interface Seen {
  status: number;
  headers: Headers;
  html: string;
  /** All words of the page, as they are read. */
  text: string;
  /** What the page's form of the desk would send, were nothing typed. */
  values: Record<string, string>;
  /** Where it would be sent. */
  action: string;
}

export interface AtDesk {
  cookie: string;
  see(path: string): Promise<Seen>;
  send(path: string, values: Record<string, string>, headers?: Record<string, string>): Promise<Seen>;
  /** Opens the form, fills in `typed`, and asks what it would do. */
  preview(path: string, typed: Record<string, string>): Promise<Seen>;
  /** The same, and does it; gives the page it leads to. */
  act(path: string, typed: Record<string, string>): Promise<Seen>;
}

export async function signIn(app: RunningApp, role: Role, secret = app.token(role)): Promise<AtDesk> {
  const post = (path: string, values: Record<string, string>, headers: Record<string, string>) =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: app.url, accept: 'text/html', ...headers },
      body: new URLSearchParams(values),
    });
  const signedIn = await post('/sign-in', { token: secret }, {});
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  const see = async (path: string) =>
    seen(await fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie, accept: 'text/html' } }));
  const send: AtDesk['send'] = async (path, values, headers = {}) =>
    seen(await post(path, values, { cookie, ...headers }));
  const preview: AtDesk['preview'] = async (path, typed) => {
    const form = await see(path);
    if (form.status !== 200) throw new Error(`${path} answers ${form.status}: ${form.text.slice(0, 300)}`);
    return send(form.action, { ...form.values, ...typed, step: 'preview' });
  };
  return {
    cookie,
    see,
    send,
    preview,
    async act(path, typed) {
      const shown = await preview(path, typed);
      if (shown.status !== 200) throw new Error(`${path} answers ${shown.status}: ${shown.text.slice(0, 900)}`);
      const done = await send(shown.action, { ...shown.values, step: 'act' });
      if (done.status !== 303) throw new Error(`${path} answers ${done.status}: ${done.text.slice(0, 900)}`);
      return see(done.headers.get('location')!);
    },
  };
}

async function seen(response: Response): Promise<Seen> {
  const html = await response.text();
  const elements = [...walk(parse(html))];
  const form = elements.find(
    (one) =>
      one.tagName === 'form' &&
      !/signed-in|desk-search/.test(attribute(one, 'class') ?? '') &&
      attribute(one, 'method') === 'post',
  );
  const main = elements.find((one) => one.tagName === 'main');
  return {
    status: response.status,
    headers: response.headers,
    html,
    text: main ? wordsOf(main).replace(/\s+/g, ' ').trim() : html,
    values: form ? valuesOf(form) : {},
    action: (form && attribute(form, 'action')) ?? '',
  };
}

function* walk(node: Tree.Node): Generator<Tree.Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* walk(child);
}

const attribute = (element: Tree.Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

const wordsOf = (node: Tree.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(wordsOf).join('') : '';

function valuesOf(form: Tree.Element): Record<string, string> {
  const values: Record<string, string> = {};
  for (const element of walk(form)) {
    const name = attribute(element, 'name');
    if (name === undefined) continue;
    const value = attribute(element, 'value') ?? '';
    switch (element.tagName) {
      case 'input': {
        const type = attribute(element, 'type');
        const isOff = attribute(element, 'checked') === undefined;
        if ((type === 'checkbox' || type === 'radio') && isOff) break;
        values[name] = value;
        break;
      }
      case 'textarea':
        values[name] = wordsOf(element);
        break;
      case 'select': {
        const options = [...walk(element)].filter(({ tagName }) => tagName === 'option');
        const chosen = options.find((option) => attribute(option, 'selected') !== undefined) ?? options[0];
        values[name] = chosen ? (attribute(chosen, 'value') ?? wordsOf(chosen)) : '';
      }
    }
  }
  return values;
}

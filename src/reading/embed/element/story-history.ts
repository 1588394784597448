/**
 * `<story-history>` for a publisher's own page: how often its story has changed since it was published, opening into what
 * changed. It asks only the service it came from, takes no markup over from it, and needs neither inline styles nor
 * evaluation.
 */
import type { Absent } from '../../../content/types.js';
import type {
  CorrectionAnswer,
  StoriesAnswer,
  StoryAnswer,
  VersionItem,
  VersionListAnswer,
} from '../../../history/answers.js';
import { type Answered, ask, askDocument, type Refused, service } from './asking.js';
import { adopted, folded, madeId } from './comparison.js';
import { type Child, element } from './elements.js';
import { sheet } from './sheet.js';
import { filled, filledText, tongueAt } from './words.js';

const versionsAPage = 100;

/** What there is to say, and in one word for the attribute `state`. */
interface Told {
  state: string;
  content: Child[];
}

class StoryHistory extends HTMLElement {
  static observedAttributes = ['for', 'story'];
  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #status = element('p', { class: 'hidden', role: 'status' });
  #tongue = tongueAt(this);
  /** Of the latest look-up: what an earlier one finds is no longer asked for. */
  #turn = 0;
  #story: StoryAnswer | undefined;
  /** What closes the comparison that is open. */
  #close: (() => void) | undefined;

  connectedCallback(): void {
    this.#root.adoptedStyleSheets = [sheet];
    void this.#show();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) void this.#show();
  }

  async #show(): Promise<void> {
    const turn = ++this.#turn;
    // Attributes set one after the other, and an element that is moved, are one look-up.
    await null;
    if (turn !== this.#turn || !this.isConnected) return;
    this.#tongue = tongueAt(this);
    const answer = await this.#ask();
    if (turn !== this.#turn) return;
    const { state, content } = 'value' in answer ? this.#told(answer.value) : this.#refused(answer);
    const { lang, words } = this.#tongue;
    // The words are of a language written from left to right, whichever the page's is.
    const section = element('section', { lang, dir: 'ltr', 'aria-label': words.label, part: 'history' }, ...content);
    this.#close = undefined;
    this.#root.replaceChildren(...(content.length ? [section, this.#status] : []));
    this.setAttribute('state', state);
  }

  async #ask(): Promise<Answered<VersionListAnswer>> {
    const name = this.getAttribute('story');
    const found = name === null ? await this.#named() : { value: name };
    return 'value' in found ? ask(`${pathOf(found.value)}/versions?limit=${versionsAPage}`) : found;
  }

  /** The id of the story of this page, by the address that the page gives as its own. */
  async #named(): Promise<Answered<string>> {
    const typed = this.getAttribute('for');
    const canonical = document.querySelector<HTMLLinkElement>('link[rel~="canonical" i][href]');
    const address = typed === null ? (canonical?.href ?? location.href) : URL.parse(typed, document.baseURI)?.href;
    const answer = await ask<StoriesAnswer>(`api/stories?limit=1&url=${encodeURIComponent(address ?? '')}`);
    if (!('value' in answer)) return answer;
    const { items, closed } = answer.value;
    return items[0] ? { value: items[0].story.id } : { status: 404, ...closed };
  }

  /** Nothing where there is no story, or nobody answers; nor why one is quietly away. */
  #refused({ status, code, notice }: Refused): Told {
    if (code === 'killed' || code === 'takedown') {
      const { withdrawals } = this.#tongue.words;
      return { state: 'withdrawn', content: [this.#notice(withdrawals[code], notice ?? null)] };
    }
    return { state: status === 0 || status >= 500 ? 'error' : 'none', content: [] };
  }

  #told({ story, items, corrections, next, withdrawals }: VersionListAnswer): Told {
    this.#story = story;
    const { words } = this.#tongue;
    const { withdrawal, firstPublishedAt: first, lastUpdatedAt: last } = story;
    // Where only what is in force is public, a story that has changed has one version too.
    const unchanged = story.versions === 1 && first === last;
    const latest = corrections.filter(({ kind }) => kind === 'correction').at(-1);
    const state = withdrawal ? 'retracted' : latest ? 'corrected' : unchanged ? 'unchanged' : 'updated';
    const parts = { first: this.#time(first!), last: this.#time(last!), count: String(story.versions - 1) };
    const sentence = unchanged
      ? [withdrawal ? words.published : words.unchanged]
      : story.versions === 1
        ? [words.published, words.updated]
        : [story.versions === 2 ? words.updated : words.updatedOften];
    const summary = element(
      'p',
      { part: 'summary' },
      ...sentence.flatMap((one, i) => [i > 0 && ' · ', ...filled(one, parts)]),
      ...(latest?.at ? [' · ', ...filled(words.corrected, { at: this.#time(latest.at) })] : []),
    );
    const notice = withdrawal && this.#notice(words.withdrawals[withdrawal.kind], withdrawal.notice, withdrawal.from);
    if (story.versions === 1) {
      return { state, content: [notice, summary, ...corrections.map((one) => this.#correction(one))] };
    }
    const panel = element('div', { id: 'panel', part: 'panel', hidden: '' });
    const toggle = element('button', this.#opens('panel', 'toggle'), words.see);
    toggle.onclick = () => {
      panel.hidden = !panel.hidden;
      toggle.setAttribute('aria-expanded', String(!panel.hidden));
    };
    summary.append(' · ', toggle);
    const versions = element('ol', { class: 'versions', part: 'versions', role: 'list', 'aria-label': words.versions });
    this.#append(versions, { items, corrections, withdrawals }, true);
    const all = element('p', {}, this.#link('versions', words.all));
    panel.append(versions, ...(next === null ? [] : [this.#more(versions, next)]), all);
    return { state, content: [notice, summary, panel] };
  }

  #append(
    versions: HTMLElement,
    { items, corrections, withdrawals }: Pick<VersionListAnswer, 'items' | 'corrections' | 'withdrawals'>,
    fromNow: boolean,
  ): void {
    const { words } = this.#tongue;
    for (const [i, item] of items.entries()) {
      const away = withdrawals.filter(({ version, until }) => version === item.version && until !== null);
      for (const { kind, notice, from, until } of away.reverse()) {
        versions.append(element('li', {}, this.#notice(words.withdrawals[kind], notice, from, until)));
      }
      versions.append(this.#version(item, corrections, fromNow && i === 0));
    }
  }

  /** What leads to the versions before these. */
  #more(versions: HTMLElement, cursor: string): HTMLElement {
    const { words } = this.#tongue;
    const more = element('button', { type: 'button', part: 'button' }, words.more);
    const place = element('p', {}, more);
    more.onclick = async () => {
      const path = `${pathOf(this.#story!.id)}/versions?limit=${versionsAPage}&cursor=${encodeURIComponent(cursor)}`;
      const answer = await ask<VersionListAnswer>(path);
      if (!('value' in answer)) return this.#say(words.failed);
      this.#append(versions, answer.value, false);
      const { next } = answer.value;
      place.replaceWith(...(next === null ? [] : [this.#more(versions, next)]));
    };
    return place;
  }

  #version(item: VersionItem, corrections: readonly CorrectionAnswer[], latest: boolean): HTMLElement {
    const { words } = this.#tongue;
    const { version, acts, hidden, changes } = item;
    const since = item.reigns[0]?.from ?? item.inForceFrom;
    const which = filledText(words.version, { number: version });
    const named = acts.filter((act) => act !== 'StoryUpdated' || acts.length === 1);
    const says = hidden
      ? words.gone
      : named
          .map((act) =>
            act === 'CorrectionIssued' && item.correction ? words.corrections[item.correction] : words.acts[act],
          )
          .join(', ');
    const made = corrections.filter((one) => one.version === version);
    const by = corrections.filter(({ corrects, version: other }) => corrects.includes(version) && other !== undefined);
    const head = element(
      'p',
      { part: 'version-head' },
      ...[this.#time(since), ' · ', element('b', {}, says), ' · '],
      element('span', { class: 'soft' }, which, item.current && ` (${words.current})`),
      ...this.#size(changes),
      item.recordedAt !== item.inForceFrom && ' · ',
      ...(item.recordedAt === item.inForceFrom
        ? []
        : filled(item.imported ? words.imported : words.recorded, { at: this.#time(item.recordedAt) })),
    );
    const speakers = item.statements.map(({ speaker, organisation }) =>
      element(
        'p',
        {},
        this.#typed(speaker),
        organisation !== undefined && ', ',
        organisation !== undefined && this.#typed(organisation),
      ),
    );
    const row = element(
      'li',
      { part: 'version' },
      head,
      ...speakers,
      item.note !== null && element('p', { part: 'note' }, this.#typed(item.note)),
      ...made.map((one) => this.#correction(one)),
      ...by.map((one) => element('p', { class: 'soft' }, filledText(words.correctedIn, { number: one.version! }))),
    );
    if (hidden) return row;
    const box = element('div', {
      id: `c${version}`,
      class: 'compared',
      part: 'comparison',
      role: 'group',
      tabindex: '-1',
      hidden: '',
    });
    const does = element('p', { class: 'does' });
    const against = changes?.against ?? null;
    if (against !== null) does.append(this.#compares(words.changed, which, box, `${against}...${version}`));
    if (!latest) does.append(this.#compares(words.since, which, box, `${version}...now`));
    // The page itself has the words of now.
    if (!item.current) does.append(this.#link(`versions/${version}`, words.read, which));
    row.append(does, box);
    return row;
  }

  /** A button that shows a comparison below, and takes it away again. One is open at a time: places in it have one name. */
  #compares(label: string, which: string, box: HTMLElement, sides: string): HTMLElement {
    const { words } = this.#tongue;
    const button = element(
      'button',
      this.#opens(box.id, 'button'),
      label,
      element('span', { class: 'hidden' }, `(${which})`),
    );
    const close = () => {
      box.hidden = true;
      box.replaceChildren();
      button.setAttribute('aria-expanded', 'false');
      this.#close = undefined;
    };
    const open = async () => {
      if (this.#close !== close) this.#close?.();
      this.#close = close;
      button.setAttribute('aria-expanded', 'true');
      box.setAttribute('aria-label', `${label} (${which})`);
      box.hidden = false;
      box.replaceChildren(element('p', {}, words.loading));
      this.#say(words.loading);
      const answer = await askDocument(`${pathOf(this.#story!.id)}/compare/${sides}?format=html`);
      if (this.#close !== close) return;
      const comparison = 'value' in answer && answer.value.querySelector('.comparison');
      if (!comparison) return this.#failed(box, 'value' in answer ? 0 : answer.status, open);
      box.replaceChildren(...adopted(comparison, this.#tongue));
      folded(box.firstElementChild!, this.#tongue);
      this.#say(box.querySelector('.summary')?.textContent ?? '');
    };
    // Fragments are looked for in the page, where these are not.
    box.onclick = (event) => {
      const href = (event.target as Element).closest('a')?.getAttribute('href') ?? '';
      const there = madeId.test(href) && box.querySelector<HTMLElement>(href);
      if (!there) return;
      event.preventDefault();
      const fold = there.closest('details');
      if (fold) fold.open = true;
      there.tabIndex = -1;
      there.focus();
    };
    button.onclick = () => (this.#close === close ? close() : void open());
    return button;
  }

  #failed(box: HTMLElement, status: number, open: () => void): void {
    const { words } = this.#tongue;
    // What a version said may have been removed since the page was loaded.
    const isGone = status >= 400 && status < 500;
    const again = element('button', { type: 'button', part: 'button' }, words.again);
    again.onclick = () => {
      box.focus();
      open();
    };
    const says = isGone ? words.noLonger : words.failed;
    box.replaceChildren(element('p', {}, says, !isGone && ' ', !isGone && again));
    this.#say(says);
  }

  /** Says it to those who listen. */
  #say(words: string): void {
    this.#status.textContent = words;
  }

  #notice(kind: string, notice: string | Absent | null, from?: string, until?: string | null): HTMLElement {
    return element(
      'p',
      { class: 'notice', part: 'notice' },
      element('b', {}, kind),
      from !== undefined && ' · ',
      from !== undefined && this.#time(from),
      until && ' – ',
      until && this.#time(until),
      notice !== null && ' · ',
      notice !== null && this.#typed(notice),
    );
  }

  #correction({ kind, notice, at }: CorrectionAnswer): HTMLElement {
    return this.#notice(this.#tongue.words.corrections[kind], notice, at ?? undefined);
  }

  /** What somebody typed, kept from turning the words around it; or that it is gone. */
  #typed(text: string | Absent): HTMLElement {
    if (typeof text === 'string') return element('bdi', {}, text);
    const { gone, erased } = this.#tongue.words;
    return element('span', { class: 'soft' }, `[${text._absent === 'hidden' ? gone : erased}]`);
  }

  #size(changes: VersionItem['changes']): Child[] {
    if (!changes || changes.against === null) return [];
    const { words } = this.#tongue;
    const { added, removed } = changes.words;
    if (added + removed === 0) return [];
    const signs = [added > 0 && `+${added}`, removed > 0 && `−${removed}`].filter(Boolean).join(' ');
    return [
      ' · ',
      element('span', { class: 'size', 'aria-hidden': 'true' }, ...filled(words.size, { signs })),
      element('span', { class: 'hidden' }, filledText(words.words, { added, removed })),
    ];
  }

  #time(instant: string): HTMLElement {
    const at = new Date(instant);
    return element('time', { datetime: instant, title: this.#tongue.long(at) }, this.#tongue.short(at));
  }

  /** To a page of the service about this story. */
  #link(path: string, label: string, which?: string): HTMLElement {
    const { slug, id } = this.#story!;
    const href = new URL(`stories/${slug ?? id}/${path}`, service).href;
    return element(
      'a',
      { href, part: 'link' },
      label,
      which !== undefined && element('span', { class: 'hidden' }, `(${which})`),
    );
  }

  #opens(id: string, part: string): Record<string, string> {
    return { type: 'button', part, 'aria-expanded': 'false', 'aria-controls': id };
  }
}

const pathOf = (story: string): string => `api/stories/${encodeURIComponent(story)}`;

// Another service's script may have been there first.
if (!customElements.get('story-history')) customElements.define('story-history', StoryHistory);

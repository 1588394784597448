/** How it looks. A constructed sheet is allowed under any policy. */

/** Colours follow the `color-scheme` of the page; each can be set from outside, as docs/embed.md says. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; font-size: 0.875rem; line-height: 1.5; overflow-wrap: break-word;
  --ink: var(--story-history-ink, inherit);
  --soft: var(--story-history-soft, light-dark(#5c5a54, #aaa497));
  --line: var(--story-history-line, light-dark(#d5d1c7, #45413a));
  --add: var(--story-history-added, light-dark(#dff1df, #173622));
  --add-ink: var(--story-history-added-ink, light-dark(#14532d, #b6e6c3));
  --del: var(--story-history-removed, light-dark(#fae1dd, #43201d));
  --del-ink: var(--story-history-removed-ink, light-dark(#8c1d18, #f3bcb4));
  --mov: var(--story-history-moved, light-dark(#e6e8fb, #25284a));
  --mov-ink: var(--story-history-moved-ink, light-dark(#2f3a8f, #c3c8ff));
  --note: var(--story-history-notice, light-dark(#fff4d6, #3a3115));
  --note-ink: var(--story-history-notice-ink, light-dark(#1c1b19, #eae6dd)); }
:host([hidden]), :host(:not([state])), :host([state="none"]), :host([state="error"]), [hidden] { display: none; }
section { color: var(--ink); font-family: var(--story-history-font, inherit); }
p, ol, ul, dl { margin: 0; padding: 0; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0.15em 0; cursor: pointer;
  text-decoration: underline; text-underline-offset: 0.18em; }
a { color: inherit; text-underline-offset: 0.18em; }
:focus-visible { outline: 2px solid; outline-offset: 2px; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.soft { color: var(--soft); }
.notice { background: var(--note); color: var(--note-ink); padding: 0.3em 0.6em; margin-block: 0.3em; }
ol.versions { list-style: none; margin-block-start: 0.5em; }
ol.versions > li { border-block-start: 1px solid var(--line); padding-block: 0.6em; }
time, .size { font-variant-numeric: tabular-nums; }
.does { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.2em; }
[part='panel'] { margin-block-end: 1em; }
.compared { border-inline-start: 3px solid var(--line); padding-inline-start: 0.9em; margin-block: 0.5em; font-size: 1rem; }
.comparison > *, .change > * { margin-block: 0.5em; }
.comparison .summary { font-weight: 600; }
.comparison dt, .note, .member, .skipped, .compared summary { font-size: 0.875rem; color: var(--soft); }
.comparison :is(ul, ol) { padding-inline-start: 1.4em; }
.comparison dd { margin-inline-start: 0; }
.comparison blockquote { margin-inline: 1em; }
.comparison pre { white-space: pre-wrap; }
.comparison :is(h2, h3, h4) { font-size: 1em; }
.comparison :is(td, th) { border: 1px solid var(--line); padding: 0.2em 0.4em; text-align: start; vertical-align: top; }
ins { background: var(--add); color: var(--add-ink); text-decoration: underline; }
del { background: var(--del); color: var(--del-ink); text-decoration: line-through; }
.change.moved { border-inline-start: 3px solid var(--mov-ink); padding-inline-start: 0.6em; }
:is(ins, del, span).moved { background: var(--mov); color: var(--mov-ink); }
@media print { .does, [part~='toggle'] { display: none; } }
`);

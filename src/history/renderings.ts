/** The forms in which a comparison is answered over HTTP. */
import { renderInline, renderSideBySide } from '../compare/render-html.js';
import { renderText } from '../compare/render-text.js';
import { renderUnified } from '../compare/render-unified.js';
import type { Comparison } from '../compare/types.js';
import { renderingsOf } from '../views/comparing-thread.js';
import { stylesheet } from '../web/assets.js';

export { renderingsOf };

const document = (html: string): string =>
  [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>What changed</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">',
    `<link rel="stylesheet" href="${stylesheet.href}">\n</head>\n<body>\n<main>\n<h1>What changed</h1>\n<article>`,
    `${html}</article>\n</main>\n</body>\n</html>\n`,
  ].join('\n');

/** Unchanged blocks beside a change in a unified diff are its own three lines; all other forms tell everything. */
export const renderings = renderingsOf(import.meta.url, {
  json: (comparison: Comparison) => JSON.stringify(comparison),
  html: (comparison: Comparison) => document(renderInline(comparison)),
  'side-by-side': (comparison: Comparison) => document(renderSideBySide(comparison)),
  text: (comparison: Comparison) => renderText(comparison),
  unified: (comparison: Comparison) => renderUnified(comparison),
});

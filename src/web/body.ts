/** Readers of request bodies: JSON that is strictly JSON, and forms as browsers send them. */
import { firstFault } from './json-fault.js';
import { Refused } from './problem.js';

/** Levels of objects and lists in one another; far above any request's need, far below any stack's end. */
const deepest = 64;

/** `__proto__`, `constructor`, `toString` and the like. */
const reserved = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);
/** Also where one is written with escapes. */
const maybeReserved = new RegExp(`"(?:${[...reserved].join('|')})"|\\\\u`);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Uint8Array, code: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refused({ code, detail: 'The body is not UTF-8.' });
  }
}

const malformed = (detail: string) => new Refused({ code: 'malformed-json', detail });

/**
 * The value of a JSON body; nothing for an empty one. Throws Refused `malformed-json`, with the line and column of the
 * first character that can't stand there. Members with a name that every object has already are refused: they would be
 * lost, or worse, when the value is copied.
 */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const text = decoded(bytes, 'malformed-json');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const before = text.slice(0, firstFault(text)).split('\n');
    throw malformed(
      `The body is not well-formed JSON: see line ${before.length}, column ${before.at(-1)!.length + 1}.`,
    );
  }
  if (tooDeep(text)) throw malformed(`The body has more than ${deepest} levels of objects and lists.`);
  if (maybeReserved.test(text)) {
    JSON.parse(text, (name, member) => {
      if (reserved.has(name)) throw malformed(`A member may not be called ${name}.`);
      return member;
    });
  }
  return value;
}

/** Counts brackets outside strings of well-formed JSON. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > deepest) return true;
  }
  return false;
}

/** The fields of a form (`application/x-www-form-urlencoded`), each given once. Throws Refused `malformed-form`. */
export function readForm(bytes: Uint8Array): Record<string, string> {
  const fields = [...new URLSearchParams(decoded(bytes, 'malformed-form'))];
  const form = Object.fromEntries(fields);
  if (Object.keys(form).length < fields.length) {
    throw new Refused({ code: 'malformed-form', detail: 'A field of the form is given more than once.' });
  }
  return form;
}

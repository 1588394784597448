/** Where a text stops being JSON (RFC 8259): V8 does not always say, and where it does it quotes what it read. */

const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 keeps them out of strings.
const plain = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Offset of the first character, literal or escape that cannot stand where it does; the text's length if it ends too early. */
export function firstFault(text: string): number {
  /** The brackets that are open, by what closes them. */
  const open: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeString = (): boolean => {
    if (text[at] !== '"') return false;
    at++;
    do take(plain);
    while (take(escaped));
    if (text[at] !== '"') return false;
    at++;
    return true;
  };

  let next: 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' = 'value';
  for (;;) {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
    const character = text[at];
    const closes = open.length > 0 && character === open.at(-1);
    if (closes && next.endsWith('or end')) {
      open.pop();
      at++;
      next = 'comma or end';
    } else if (next === 'comma or end') {
      if (!open.length || character !== ',') return at;
      at++;
      next = open.at(-1) === '}' ? 'key' : 'value';
    } else if (next.startsWith('key')) {
      if (!takeString()) return at;
      while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
      if (text[at] !== ':') return at;
      at++;
      next = 'value';
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      at++;
      next = character === '{' ? 'key or end' : 'value or end';
    } else if (takeString() || take(literal)) next = 'comma or end';
    else return at;
  }
}

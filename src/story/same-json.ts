/** Whether two JSON values are the same; members that are undefined count as left out. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  const names = (value: object) => Object.keys(value).filter((name) => (value as never)[name] !== undefined);
  const own = names(a);
  return (
    own.length === names(b).length &&
    own.every((name) => Object.hasOwn(b, name) && sameJson((a as never)[name], (b as never)[name]))
  );
}

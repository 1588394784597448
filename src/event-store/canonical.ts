/** RFC 8785, JSON Canonicalization Scheme: the one form in which anything is sealed, hashed or committed to. */
import serialize from 'canonicalize';

const utf8 = new TextEncoder();

/** UTF-8. Members that are `undefined` are left out. Throws on what JSON can't hold: lone surrogates, NaN, cycles. */
export function canonical(value: unknown): Uint8Array {
  const json = serialize(value);
  if (json === undefined) throw new TypeError('undefined has no JSON form');
  return utf8.encode(json);
}

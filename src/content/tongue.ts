/** In which language and direction a story's own words are. */
import type { Content } from './types.js';

/** For the attributes `lang` and `dir`. */
export function tongueOf(fields: Content['fields']): { lang?: string; dir: 'ltr' | 'rtl' | 'auto' } {
  const { language } = fields;
  if (typeof language !== 'string') return { dir: 'auto' };
  try {
    const locale = new Intl.Locale(language) as Intl.Locale & { getTextInfo(): { direction?: 'ltr' | 'rtl' } };
    return { lang: locale.toString(), dir: locale.getTextInfo().direction ?? 'auto' };
  } catch {
    return { dir: 'auto' };
  }
}

/** Which slug a story gets: the first to claim one owns it, also between claiming and the views' knowing of it. */
import { numbered, slugify } from '../content/slug.js';
import type { Fields } from '../content/types.js';
import type { Views } from '../views/views.js';
import type { Asked, Refusing } from './change-story.js';
import { refuse } from './problems.js';

export class Slugs {
  /** Slugs of commands under way, with their stories and how many they are, so that two stories don't take the same. */
  private readonly claimed = new Map<string, { by: string; commands: number }>();

  constructor(private readonly views: Pick<Views, 'slugOwner'>) {}

  /** The slug that this would give the story; none where it gives none. */
  chosen(id: string, asked: Asked): { ok: true; slug?: string } | Refusing {
    if (asked.type !== 'publish' && asked.type !== 'change-slug') return { ok: true };
    if (asked.type === 'publish' && asked.slug === undefined) {
      const wanted = slugify((asked.content.fields as Fields).headline);
      return { ok: true, slug: numbered(wanted).find((candidate) => this.isFree(candidate, id))! };
    }
    const slug = asked.slug!;
    if (this.isFree(slug, id)) return { ok: true, slug };
    return refuse('slug-taken', `The slug "${slug}" belongs to another story.`, { slug });
  }

  private isFree(slug: string, id: string): boolean {
    const isOurs = (owner: string | undefined) => owner === undefined || owner === id;
    return isOurs(this.claimed.get(slug)?.by) && isOurs(this.views.slugOwner(slug));
  }

  /** Keeps others from it while `work` goes on. */
  async claiming<T>(id: string, slug: string | undefined, work: () => Promise<T>): Promise<T> {
    if (slug === undefined) return work();
    const claim = this.claimed.get(slug) ?? { by: id, commands: 0 };
    this.claimed.set(slug, claim);
    claim.commands++;
    try {
      return await work();
    } finally {
      if (--claim.commands === 0) this.claimed.delete(slug);
    }
  }
}

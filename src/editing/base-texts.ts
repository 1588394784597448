/**
 * The words of stories that are being edited: what the last version is made of is what the next one is built on, and is not
 * read again. A text never changes but for being erased, and then all of the story's are forgotten.
 */
import { LRUCache } from 'lru-cache';
import type { Content } from '../content/types.js';
import { referencesOf } from '../story/content-of.js';
import type { Manifest, Opened } from '../story/events.js';
import type { Story } from '../story/evolve.js';
import type { ReadTexts } from '../views/texts.js';
import type { Views } from '../views/views.js';

interface Kept {
  texts: ReadTexts;
  /** What had been erased of the story by then. */
  erased: Story['erasedTexts'];
}

/** Characters over all stories. */
const most = 16 * 1024 * 1024;
/** What a story takes besides. */
const aStory = 1000;

export class BaseTexts {
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: most,
    sizeCalculation: ({ texts }) => texts.values().reduce((sum, { length }) => sum + length, aStory),
  });

  constructor(private readonly views: Pick<Views, 'contentOfManifest'>) {}

  /** A version's content as it lies in the views, which must have the story as it is known. */
  content(id: string, { erasedTexts }: Story, manifest: Manifest): Content {
    const texts = this.texts(id, erasedTexts);
    const content = this.views.contentOfManifest(id, manifest, texts);
    this.keep(id, erasedTexts, manifest, texts);
    return content;
  }

  /** Takes in what was appended; the story is as it is with it. */
  appended(id: string, { erasedTexts, versions }: Story, events: readonly Opened[]): void {
    const texts = this.texts(id, erasedTexts);
    for (const { revision, texts: written, textStates } of events) {
      // Else it is what is left of a command that was stored before.
      if (Object.values(textStates).some((state) => state !== 'verified')) continue;
      const { length } = JSON.stringify(written);
      // Where they stand in the search index is for the projector to know.
      texts.set(revision, { texts: written, blocks: written, absent: {}, length, searched: 0 });
    }
    this.keep(id, erasedTexts, versions.at(-1)!.manifest, texts);
  }

  private texts(id: string, erased: Story['erasedTexts']): ReadTexts {
    const kept = this.kept.get(id);
    return new Map(kept?.erased === erased ? kept.texts : []);
  }

  /** Only if all of it is there: what is absent may come. */
  private keep(id: string, erased: Story['erasedTexts'], manifest: Manifest, texts: ReadTexts): void {
    const kept: ReadTexts = new Map();
    for (const [revision] of referencesOf(manifest)) {
      const row = texts.get(revision);
      if (!row || Object.keys(row.absent).length > 0) return void this.kept.delete(id);
      kept.set(revision, row);
    }
    this.kept.set(id, { texts: kept, erased });
  }
}

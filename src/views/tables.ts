/** All tables of the views, and what is put together from several. */
import type { DatabaseSync } from 'node:sqlite';
import type { Content } from '../content/types.js';
import { contentOf, referencesOf } from '../story/content-of.js';
import type { Manifest } from '../story/events.js';
import { openAnnouncements } from './announcements.js';
import { openAuthorship } from './authorship.js';
import { openErasures } from './erasures.js';
import { openNotices } from './notices.js';
import { openNumbers } from './numbers.js';
import { openReigns } from './reigns.js';
import { openSearch } from './search.js';
import { openStories } from './stories.js';
import { openTexts, type ReadTexts } from './texts.js';
import { openVersions } from './versions.js';

export function openTables(db: DatabaseSync) {
  const numbers = openNumbers(db);
  const { numberOf, noteNumber } = numbers;
  const texts = openTexts(db, numberOf);
  const versions = openVersions(db, numberOf);

  const contentOfManifest = (story: string, manifest: Manifest, read?: ReadTexts): Content =>
    contentOf(manifest, texts.textsOf(story, referencesOf(manifest), read));

  const [begin, end] = [db.prepare('BEGIN'), db.prepare('COMMIT')];

  /** All that `work`, which waits for nothing, reads is as it was at one moment, whatever another connection writes. */
  function inOneState<T>(work: () => T): T {
    if (db.isTransaction) return work();
    begin.run();
    try {
      return work();
    } finally {
      // Nothing was written. A failure here (a damaged file) would hide the work's own, and leave a promise alone with it.
      try {
        end.run();
      } catch {
        if (db.isTransaction) db.exec('ROLLBACK');
      }
    }
  }

  return {
    inOneState,
    ...numbers,
    ...openStories(db, numberOf, noteNumber),
    ...openReigns(db, numberOf),
    ...openNotices(db, numberOf),
    ...openErasures(db),
    ...openAnnouncements(db, numberOf),
    ...openAuthorship(db, numberOf),
    ...openSearch(db, numberOf),
    ...texts,
    ...versions,
    /** Characters of the texts that a version's content is made of, or more. */
    lengthOfContent: (story: string, version: number): number =>
      texts.lengthOfTexts(
        story,
        referencesOf(versions.manifest(story, version)!).map(([revision]) => revision),
      ),
    /** A version's content as it lies here: hidden texts included, erased ones marked. */
    contentOfManifest,
  };
}

export type Tables = ReturnType<typeof openTables>;

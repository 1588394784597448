/**
 * The order in which jest takes the test files: the longest first, so that no core waits for one of them at the end. By
 * itself jest goes by the size of the files, and these are short.
 */
import Sequencer from '@jest/test-sequencer';

const longest = [
  'fuzz/fuzz',
  'desk/browser',
  'reading/browser',
  'event-store/kurrentdb-conformance',
  'cli/commands',
  'cli/erasures',
  'model/agreement',
  'event-store/sqlite-conformance',
  'cli/serve',
  'event-store/crash',
  'readers/secrets',
  'kurrentdb/faults',
  'faults/faults',
  'readers/leaks',
  'history/long-comparisons',
];
const rankOf = ({ path }) => {
  const rank = longest.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return rank === -1 ? longest.length : rank;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b));
  }
}

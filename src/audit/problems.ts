/** This room's refusals. */
import { defineProblems } from '../web/problem.js';

defineProblems({
  'record-unreadable': {
    status: 500,
    title: 'A record of the log cannot be read',
    explanation:
      'The log is damaged, or a newer Palimpsest wrote to it. `palimpsest verify` says where and what is wrong. Restore a backup, or upgrade.',
  },
});

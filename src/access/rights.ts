/** Who may do what: one table of roles and their rights. */

export type Right =
  | 'publish'
  | 'new-version'
  | 'import'
  | 'cancel'
  | 'slug'
  | 'amend'
  | 'reclassify'
  | 'label'
  | 'unpublish'
  | 'retract'
  | 'reinstate'
  | 'kill'
  | 'takedown'
  | 'hide'
  | 'show'
  | 'erase'
  /** Acting on the version in force, where caution would have it corrected first. */
  | 'force'
  | 'correct-times'
  /** Seeing what staff see: embargoed, cancelled, hidden (marked). */
  | 'read-all'
  /** Seeing the record itself. */
  | 'read-record';

export const roles = ['editor', 'standards', 'auditor'] as const;
export type Role = (typeof roles)[number];

const editor: readonly Right[] = [
  'publish',
  'new-version',
  'cancel',
  'slug',
  'amend',
  'reclassify',
  'label',
  'unpublish',
  'retract',
  'reinstate',
  'read-all',
];

export const rightsOf: Readonly<Record<Role, ReadonlySet<Right>>> = {
  editor: new Set(editor),
  standards: new Set<Right>([
    ...editor,
    'kill',
    'takedown',
    'hide',
    'show',
    'erase',
    'force',
    'correct-times',
    'import',
  ]),
  auditor: new Set<Right>(['read-all', 'read-record']),
};

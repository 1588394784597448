/** Who may do what: one table of roles and their rights, and how a token is narrowed to some of them. */

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
  /** Seeing what staff see: embargoed, cancelled, hidden (marked). Without it a token reads as a reader does. */
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

/** What these do is done by showing words, waiting and hidden ones among them. */
const showing: readonly Right[] = ['hide', 'erase', 'read-record'];

/** The rights of a role that a token is narrowed to, or why it can't be, with those there are. */
export function narrowed(
  role: Role,
  names: readonly string[],
): { ok: true; only: Right[] } | { ok: false; detail: string } {
  const has = rightsOf[role];
  const unknown = names.filter((name) => !has.has(name as Right));
  if (unknown.length || !names.length) {
    const detail = unknown.length ? `no ${unknown.map((name) => `"${name}"`).join(', ')} among` : 'none named of';
    return { ok: false, detail: `${detail} the rights of the role ${role}: ${[...has].join(', ')}` };
  }
  const only = [...has].filter((right) => names.includes(right));
  const shows = only.filter((right) => showing.includes(right));
  if (!shows.length || only.includes('read-all')) return { ok: true, only };
  return { ok: false, detail: `${shows.join(' and ')} would show every word, so add read-all` };
}

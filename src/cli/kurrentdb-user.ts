/** `palimpsest kurrentdb-user`: makes the user by whom the service works in a KurrentDB cluster. Once, before it starts. */
import { Command } from 'commander';
import { print, Stop } from './outcome.js';
import { readConfig } from './service.js';

const variable = 'KURRENTDB_DEFAULT_ADMIN_PASSWORD';

export const kurrentdbUserCommand = (): Command =>
  new Command('kurrentdb-user')
    .description(
      'Make the user that PALIMPSEST_STORE names in a KurrentDB cluster, with the rights it needs and no more.',
    )
    .option('--admin <name>', 'an administrator of the cluster', 'admin')
    .addHelpText(
      'after',
      `
The administrator's password is taken from ${variable}. The cluster should hold nothing else: from then on
only this user and administrators read and write its streams, and only administrators delete any. Run again, it gives the
user the password in PALIMPSEST_STORE anew.

Example:
  PALIMPSEST_STORE='kurrentdb://palimpsest:PASSWORD@node1:2113,node2:2113?tls=true&tlsCAFile=/etc/ssl/ca.crt' \\
    palimpsest kurrentdb-user`,
    )
    .action(run);

async function run({ admin }: { admin: string }): Promise<void> {
  const { store } = readConfig();
  if (store.kind !== 'kurrentdb') throw new Stop('usage', 'set PALIMPSEST_STORE to the address of the cluster');
  const password = process.env[variable];
  if (!password) throw new Stop('usage', `set ${variable} to the password of "${admin}"`);
  // Loaded where it is needed: every other command would wait for the client.
  const { admitUser } = await import('../event-store/kurrentdb/user.js');
  const user = await admitUser(store.address, { name: admin, password });
  print(`"${user}" may read the log and write streams; nobody else may but administrators.`);
}

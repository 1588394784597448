import { expect, test } from '@jest/globals';
import { StoreRefused } from '../port.js';
import { admitUser } from './user.js';

const admin = { name: 'admin', password: 'known-to-nobody' };

test.each([
  ['names no user', 'kurrentdb://127.0.0.1:1?tls=false', admin, 'no user:password'],
  [
    'has a password that needs escaping',
    'kurrentdb://palimpsest:a%40b@127.0.0.1:1?tls=false',
    admin,
    'letters, digits',
  ],
  [
    'comes with an administrator’s password that needs escaping',
    'kurrentdb://palimpsest:secret@127.0.0.1:1?tls=false',
    { name: 'admin', password: 'a b' },
    'letters, digits',
  ],
])('an address that %s is refused before anybody is asked, and not repeated', async (_, address, by, why) => {
  const refused = await admitUser(address, by).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(StoreRefused);
  expect((refused as Error).message).toContain(why);
  expect((refused as Error).message).not.toMatch(/a%40b|a b|secret/);
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { typescriptHook } from '../event-store/sqlite/writing-thread.js';
import { saidOf } from './comparing-elsewhere.js';

const thrownBy = (go: () => unknown): unknown => {
  try {
    return go();
  } catch (error) {
    return error;
  }
};

test('no words of a story that cannot be read are in what is said of it', () => {
  const quoting = thrownBy(() => JSON.parse('Lena Okafor waits'));
  expect(String(quoting)).toContain('Lena');
  expect(saidOf(quoting)).toBe('SyntaxError');
  expect(saidOf(new Error('database disk image is malformed'))).toContain('malformed');
});

test('where no process can be started, what was asked fails and nothing else', async () => {
  const script = `
    import { closeSync, openSync } from 'node:fs';
    const { openElsewhere } = await import('${new URL('./comparing-elsewhere.ts', import.meta.url)}');
    const elsewhere = openElsewhere({ maxThreads: 1 });
    const nothing = { json: JSON.stringify({ fields: {}, statements: [], body: [] }) };
    const ask = () => elsewhere.run({ before: nothing, after: nothing, wanted: 'size' }).catch(String);
    const open = [];
    try {
      for (;;) open.push(openSync('/dev/null'));
    } catch {}
    const refused = await ask();
    open.forEach((file) => closeSync(file));
    console.log(JSON.stringify([refused, await ask()]));
    await elsewhere.close();`;
  const node = [process.execPath, '--import', typescriptHook, '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n 200 && exec "$0" "$@"', ...node]);
  expect(JSON.parse(stdout)).toEqual([expect.stringContaining('EMFILE'), { added: 0, removed: 0 }]);
});

import { expect, test } from '@jest/globals';
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

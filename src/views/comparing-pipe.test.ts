import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receiving, send } from './comparing-pipe.js';

const bytes = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 });
const messages = fc.array(fc.record({ message: fc.object(), bytes }), { maxLength: 6 });
interface Sent {
  message: object;
  bytes: readonly Uint8Array[];
}

test('messages and their bytes come as they were sent, however the pipe cuts them', () => {
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
      const sender = new PassThrough();
      for (const one of sent) send(sender, one.message, one.bytes);
      const whole: Buffer = sender.read() ?? Buffer.alloc(0);

      const receiver = new PassThrough();
      const came: Sent[] = [];
      receiving(receiver, (message: object, chunks) => came.push({ message, bytes: chunks }));
      for (let at = 0, n = 0; at < whole.length; n++) {
        const end = at + cuts[n % cuts.length]!;
        receiver.emit('data', whole.subarray(at, end));
        at = end;
      }
      const joined = (all: readonly Sent[]) =>
        all.map((one) => ({ message: one.message, bytes: Buffer.concat(one.bytes).toString('hex') }));
      expect(joined(came)).toEqual(joined(sent));
    }),
    { seed: 20260514 },
  );
});

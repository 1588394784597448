/**
 * What reading is measured beside: bare Fastify, one indexed read of SQLite, the bytes as they lie there. Run as a process
 * of its own: `bare-read.ts FILE`; prints its address.
 */
import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';

const database = new DatabaseSync(process.argv[2]!, { readOnly: true });
const read = database.prepare('SELECT bytes FROM answer WHERE story = ?');
const app = fastify();
app.get<{ Params: { story: string } }>('/api/stories/:story', (request, reply) =>
  reply.type('application/json; charset=utf-8').send(read.get(request.params.story)!.bytes),
);
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));

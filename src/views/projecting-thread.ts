/** What the thread that writes the views does: one request after the other, on a connection of its own. */
import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { workerData } from 'piscina';
import { connect } from './connection.js';
import { openProjection, type Projection } from './projecting.js';
import { openTables } from './tables.js';

export type Request = {
  [Verb in keyof Projection]: { verb: Verb; given: Parameters<Projection[Verb]>[0] };
}[keyof Projection];

const db = connect((workerData as { path: string }).path);
const projection = openProjection(db, openTables(db));

export default ({ verb, given }: Request) => projection[verb](given as never);

/** Between those who answer readers and those who only compare. */
const priority = 5;
// On Linux that of one thread; elsewhere it would be that of the whole process.
if (!isMainThread && process.platform === 'linux') setPriority(0, priority);

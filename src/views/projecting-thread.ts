/** What the thread that writes the views does: one request after the other, on a connection of its own. */
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

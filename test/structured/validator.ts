/** Whether a document keeps to a JSON Schema (draft 2020-12), formats included. */
import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';

// Both are CommonJS, which says of itself that it is not.
const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv };
const addFormats = require('ajv-formats') as FormatsPlugin;

/** What is wrong with a document, each fault with its place; nothing if it is valid. */
export function validator(schema: object): (document: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  // Named by ninjs for places, of which we send none.
  ajv.addSchema({ $id: 'https://geojson.org/schema/GeoJSON.json' });
  const validate = ajv.compile(schema);
  return (document) =>
    validate(document)
      ? []
      : validate.errors!.map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
}

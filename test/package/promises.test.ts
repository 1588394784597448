/** That each promise of docs/promises.md names tests, and that every test it names is there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { root } from './packed.js';

/** `| promise | `file`: title<br>`file`: title |` */
const promises = [...readFileSync(join(root, 'docs/promises.md'), 'utf8').matchAll(/^\| (.+?) \| (`.+) \|$/gm)].map(
  ([, promise = '', tests = '']) => ({ promise, tests: tests.split('<br>') }),
);

/** The name of a test as it stands in the source; what is filled in when it runs is `…`. */
function nameOf(node: ts.Node | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

/** Of `test('…')`, `test.each(…)('…')`; and of kits that test each entry of a table by its name, the table's. */
function testNames(file: string): Set<string> {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^test(\.each\b[\s\S]*)?$/.test(node.expression.getText())) {
      const name = nameOf(node.arguments[0]);
      if (name !== undefined) names.add(name);
    }
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name) && /\bpromises\b/.test(tableOf(node))) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}
const tableOf = (node: ts.PropertyAssignment): string => {
  const variable = node.parent.parent;
  return ts.isVariableDeclaration(variable) ? variable.name.getText() : '';
};

test('there are promises, each of them held by a test', () => {
  expect(promises.length).toBeGreaterThanOrEqual(40);
});

const held = promises.flatMap(({ promise, tests }) =>
  tests.map((told) => {
    const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(told) ?? [];
    return { promise, file, name };
  }),
);
const inFile = new Map<string, Set<string>>();

test.each(held)('$promise ($file)', ({ file, name }) => {
  if (!inFile.has(file)) inFile.set(file, testNames(file));
  expect([...inFile.get(file)!]).toContain(name);
});

/** The SQL of the project's database as it stands in the sources, for review. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const statement = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|VACUUM|PRAGMA|EXPLAIN)\b/;

/** Statements by file, in the order in which they are written; holes of templates as `${…}`. */
export function readQueries(root) {
  const folder = join(root, 'src-main/project');
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  return names
    .filter((name) => name.endsWith('.ts') && name !== 'database/migrations.ts')
    .sort()
    .map((name) => ({ name, queries: queriesOf(join(folder, name)) }))
    .filter(({ queries }) => queries.length > 0);
}

function queriesOf(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const walk = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const text = node.getText(source).slice(1, -1);
      if (statement.test(text)) found.push(dedent(text));
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return [...new Set(found)];
}

function dedent(text) {
  const [first, ...rest] = text.split('\n');
  const depth = Math.min(...rest.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return [first, ...rest.map((line) => line.slice(Math.min(depth, line.search(/\S|$/))))].join('\n').trim();
}

/** Comments of the contract's sources, by the path of what they stand before: `runSchema.error`, `appContract.info`. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Comments of all TypeScript files below a folder. */
export function readComments(folder) {
  const comments = new Map();
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) {
    const path = join(folder, name);
    collect(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true), comments);
  }
  return comments;
}

function collect(source, comments) {
  const note = (key, node) => {
    const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    const text = ranges.length === 0 ? '' : source.text.slice(ranges.at(-1).pos, ranges.at(-1).end);
    if (text.startsWith('/**')) comments.set(key, plain(text));
  };
  const walk = (node, key) => {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const inner = `${key}.${node.name.text}`;
      note(inner, node);
      ts.forEachChild(node, (child) => walk(child, inner));
    } else if (ts.isArrayLiteralExpression(node)) {
      node.elements.forEach((element, at) => {
        note(`${key}[${at}]`, element);
        walk(element, `${key}[${at}]`);
      });
    } else ts.forEachChild(node, (child) => walk(child, key));
  };
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    note(declaration.name.text, statement);
    walk(declaration, declaration.name.text);
  }
}

/** A comment without its frame, as one line. */
function plain(comment) {
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

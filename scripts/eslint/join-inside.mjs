/**
 * Lint rule for modules that read manifests, database rows or requests: `join` and `resolve` of node:path take constants
 * there after the folder. Everything else goes through `core/files/join-inside.ts`.
 */

const functions = new Set(['join', 'resolve']);
const modules = new Set(['path', 'node:path', 'path/posix', 'node:path/posix']);

function variableOf(scope, name) {
  for (let at = scope; at !== null; at = at.upper) {
    const found = at.set.get(name);
    if (found !== undefined) return found;
  }
  return null;
}

/** The import that a name stands for, as `{ module, name }`; null for other names. */
function importOf(scope, name) {
  const definition = variableOf(scope, name)?.defs[0];
  if (definition?.type !== 'ImportBinding') return null;
  const { imported } = definition.node;
  return { module: definition.parent.source.value, name: imported === undefined ? '*' : imported.name };
}

/** True for a call of join or resolve, also as `path.join` or under another name. */
function isJoin(scope, callee) {
  if (callee.type === 'Identifier') {
    const found = importOf(scope, callee.name);
    return found !== null && modules.has(found.module) && functions.has(found.name);
  }
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  const found = importOf(scope, callee.object.name);
  return found !== null && modules.has(found.module) && functions.has(callee.property.name);
}

/** True for text in the code, a constant that holds such, or an imported constant. */
function isConstant(scope, node) {
  if (node.type === 'Literal') return true;
  if (node.type === 'TemplateLiteral') return node.expressions.every((inner) => isConstant(scope, inner));
  if (node.type !== 'Identifier') return false;
  const definition = variableOf(scope, node.name)?.defs[0];
  if (definition?.type === 'ImportBinding') return true;
  const { parent } = definition ?? {};
  return (
    parent?.type === 'VariableDeclaration' &&
    parent.kind === 'const' &&
    definition.node.id.type === 'Identifier' &&
    definition.node.init !== null &&
    isConstant(scope, definition.node.init)
  );
}

/** @type {import('eslint').Rule.RuleModule} */
export const joinInside = {
  meta: {
    type: 'problem',
    docs: { description: 'untrusted paths are joined by core/files/join-inside.ts' },
    messages: {
      join: 'This path may come from a file, a database or the wire: use joinInside, realInside or ownPath of core/files/join-inside.ts.',
    },
    schema: [],
  },
  create(context) {
    return {
      CallExpression(node) {
        const scope = context.sourceCode.getScope(node);
        if (!isJoin(scope, node.callee)) return;
        const other = node.arguments.slice(1).find((argument) => !isConstant(scope, argument));
        if (other !== undefined) context.report({ node: other, messageId: 'join' });
      },
    };
  },
};

/** The plugin that `eslint.config.mjs` names `lenslet`. */
export const lenslet = { rules: { 'join-inside': joinInside } };

/** Modules that read paths from files, databases or requests. */
export const readersOfPaths = [
  'src-main/datasets/tiles/{image-location,feature-file}.ts',
  'src-main/datasets/import/{moved-images,zip-archive}.ts',
  'src-main/hosts/page/renderer-files.ts',
  'src-main/core/files/folder-storage.ts',
  'src-main/services/import/{captures,import-sources,imports}.ts',
  'src-main/services/evaluation/evaluation.ts',
  'src-main/services/training/active-run.ts',
  'src-main/services/app/media.ts',
  'src-main/services/runs/{run-data,run-files}.ts',
  'src-main/services/backbones/{model-parts,recognise-file,remove-model}.ts',
  'src-main/services/explain/models.ts',
  'src-main/services/sorting/{find-photos,move-files,plan-moves,predict-photos}.ts',
  'src-main/project/sorting/{session-database,session-folders}.ts',
];

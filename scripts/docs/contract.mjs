/** docs/contract.md: every request of the page, with what goes in and what comes out. */
import { getEventIteratorSchemaDetails } from '@orpc/contract';
import * as exported from '../../src-main/contract/app/index.ts';
import { readComments } from './comments.mjs';
import { fieldList, typeText } from './schema-text.mjs';

/** The page as Markdown. @param root the repository */
export function contractPage(root) {
  const comments = readComments(`${root}/src-main/contract`);
  const keys = new Map();
  const names = new Map();
  for (const [key, schema] of Object.entries(exported)) {
    if (!key.endsWith('Schema') || schema?.def?.type === undefined || names.has(schema)) continue;
    names.set(schema, key[0].toUpperCase() + key.slice(1, -'Schema'.length));
    keys.set(schema, key);
  }
  const tools = { names, comments };
  const domains = Object.entries(exported.contract).map(([name, domain]) => {
    const procedures = Object.entries(domain).map(([procedure, value]) =>
      procedureText(`${name}.${procedure}`, `${name}Contract.${procedure}`, value['~orpc'], tools),
    );
    return [`## ${name}`, '', ...procedures].join('\n');
  });
  const types = [...names]
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([schema, name]) => typeSection(schema, name, keys.get(schema), tools));
  return `# The contract

What the page, the command line and scripts may ask of Lenslet's core: ${Object.keys(exported.contract).length} domains of requests. They are defined in \`src-main/contract/app/\`; input and output are checked against these schemas on every call. A request that fails gives an [error](errors/README.md). A _stream_ gives several answers, one after the other.

${domains.join('\n\n')}

## Types

${types.join('\n\n')}
`;
}

function procedureText(name, key, { inputSchema, outputSchema }, tools) {
  const comment = tools.comments.get(key);
  const lines = [`### ${name}`, '', ...(comment === undefined ? [] : [comment, ''])];
  const input = inputSchema === undefined ? 'nothing' : typeText(inputSchema, tools.names);
  lines.push(`- Input: ${input}`);
  if (inputSchema !== undefined) lines.push(...fieldList(inputSchema, key, { ...tools, depth: 1 }));
  const stream = outputSchema && getEventIteratorSchemaDetails(outputSchema)?.yields;
  const output = stream ?? outputSchema;
  const answer = output === undefined ? 'nothing' : typeText(output, tools.names);
  lines.push(`- Output: ${stream === undefined ? '' : 'stream of '}${answer}`);
  if (output !== undefined) lines.push(...fieldList(output, key, { ...tools, depth: 1 }));
  return [...lines, ''].join('\n');
}

function typeSection(schema, name, key, tools) {
  const fields = fieldList(schema, key, { ...tools, top: true });
  // Without its own name, so that the section says what the type is instead of linking to itself.
  const unnamed = new Map([...tools.names].filter(([other]) => other !== schema));
  const comment = tools.comments.get(key);
  const kind = fields.length > 0 ? [] : [`A value: ${typeText(schema, unnamed)}.`, ''];
  return [`### ${name}`, '', ...(comment === undefined ? [] : [comment, '']), ...kind, ...fields].join('\n');
}

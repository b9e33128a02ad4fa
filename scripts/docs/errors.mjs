/** docs/errors/: one page for each domain of the error catalogue, and an index of all codes. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from '../../src-main/contract/shared/errors.ts';
import { anchor } from './schema-text.mjs';

const folder = 'src-main/contract/shared/errors';

/** The pages: name in docs/errors/ → Markdown. @param root the repository */
export function errorPages(root) {
  const files = readdirSync(join(root, folder)).filter((name) => name !== 'catalogue-entry.ts');
  const domains = files.sort().map((name) => {
    const text = readFileSync(join(root, folder, name), 'utf8');
    const [, title] = /\/\*\* (.*?)\.? \*\//.exec(text);
    const codes = [...text.matchAll(/^ {2}([A-Z_]+): \{/gm)].map(([, code]) => code);
    const entries = Object.fromEntries(codes.map((code) => [code, errorCatalogue[code]]));
    return { name: name.replace('.ts', '.md'), title, entries };
  });
  const pages = domains.map(({ name, title, entries }) => [name, page(title, entries)]);
  return new Map([['README.md', index(domains)], ...pages]);
}

function page(title, entries) {
  const sections = Object.entries(entries).map(([code, { message, remedy }]) => {
    const holes = [...new Set(`${message} ${remedy}`.match(/\{\w+\}/g) ?? [])];
    const parameters = holes.map((hole) => `\`${hole.slice(1, -1)}\``).join(', ');
    return [
      `## ${code}`,
      '',
      `> ${escaped(message)}`,
      '',
      `**What to do.** ${escaped(remedy)}`,
      ...(parameters === '' ? [] : ['', `**Parameters.** ${parameters}`]),
    ].join('\n');
  });
  return `# Errors: ${title}\n\n[All error codes](README.md)\n\n${sections.join('\n\n')}\n`;
}

function index(domains) {
  const lists = domains.map(({ name, title, entries }) => {
    const lines = Object.entries(entries).map(
      ([code, { message }]) => `- [${code}](${name}#${anchor(code)}): ${escaped(message)}`,
    );
    return `## ${title}\n\n${lines.join('\n')}`;
  });
  return `# Error codes

Every failure that Lenslet reports has a code, a sentence that says what happened, and what to do about it. Codes never change: scripts can rely on them. \`--json\` gives \`code\`, \`message\` and \`remedy\`. Words in braces, such as \`{path}\`, are filled in.

${lists.join('\n\n')}
`;
}

/** Braces in code would be taken for text to be formatted; angle brackets for HTML. */
const escaped = (text) => text.replace(/\{\w+\}/g, '`$&`').replaceAll('<', '&lt;');

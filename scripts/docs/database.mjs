/** docs/database.md: the tables of a project's database as the migrations make them, and every query. */
import { DatabaseSync } from 'node:sqlite';
import { migrate, newestVersion } from '../../src-main/project/database/migrations.ts';
import { meanings } from './database-meanings.mjs';
import { readQueries } from './queries.mjs';

/** The page as Markdown. @throws Error for a table or column without a meaning, and for a meaning of none */
export function databasePage(root) {
  const database = new DatabaseSync(':memory:');
  migrate(database, 'project.db', () => undefined);
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
  const tables = names.map(({ name }) => tableText(database, name));
  const unknown = Object.keys(meanings).filter((name) => !names.some((table) => table.name === name));
  if (unknown.length > 0) throw new Error(`there are no tables ${unknown.join(', ')}`);
  database.close();
  const queries = readQueries(root).map(
    ({ name, queries: texts }) =>
      `### src-main/project/${name}\n\n${texts.map((sql) => `\`\`\`sql\n${sql}\n\`\`\``).join('\n\n')}`,
  );
  return `# The project's database

\`project.db\` in a project's folder is an SQLite database of format ${newestVersion} (\`PRAGMA user_version\`). Its tables are made and changed by \`src-main/project/database/migrations.ts\` alone; all SQL stands in \`src-main/project/\`. Every row is checked with a schema when it is read.

## Tables

${tables.join('\n\n')}

## Queries

\`\${…}\` stands for a column or a condition that the code fills in; values are always bound.

${queries.join('\n\n')}
`;
}

function tableText(database, table) {
  const { about, columns: texts } = meanings[table] ?? {};
  if (about === undefined) throw new Error(`the table ${table} has no meaning in database-meanings.mjs`);
  const columns = database.prepare(`PRAGMA table_info(${table})`).all();
  const references = new Map(
    database
      .prepare(`PRAGMA foreign_key_list(${table})`)
      .all()
      .map((key) => [key.from, `→ \`${key.table}\``]),
  );
  const unknown = Object.keys(texts).filter((name) => !columns.some((column) => column.name === name));
  if (unknown.length > 0) throw new Error(`${table} has no columns ${unknown.join(', ')}`);
  const rows = columns.map(({ name, type, notnull, pk }) => {
    if (texts[name] === undefined)
      throw new Error(`${table}.${name} has no meaning in database-meanings.mjs`);
    const marks = [
      pk > 0 ? 'key' : '',
      notnull === 0 && pk === 0 ? 'or null' : '',
      references.get(name) ?? '',
    ];
    return `| \`${name}\` | ${type} ${marks.filter((mark) => mark !== '').join(', ')} | ${texts[name]} |`;
  });
  const indexes = database
    .prepare(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
    )
    .all(table)
    .map(({ name, sql }) => `- \`${name}\`: \`${sql.replace(/^CREATE INDEX \S+ ON /, '')}\``);
  return [
    `### ${table}`,
    '',
    about,
    '',
    '| column | type | meaning |',
    '|---|---|---|',
    ...rows,
    ...(indexes.length === 0 ? [] : ['', 'Indexes:', '', ...indexes]),
  ].join('\n');
}

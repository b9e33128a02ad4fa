/** Zod schemas as text for people: types in a short notation, fields as lists. */

/** What an anchor of a heading is called by GitHub. */
export const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');

/**
 * The type of a schema, e.g. `integer or null`. Schemas that have a name are linked to their section.
 * @param names schema → name
 */
export function typeText(schema, names) {
  const name = names.get(schema);
  return name === undefined ? describe(schema, names) : `[${name}](#${anchor(name)})`;
}

function describe(schema, names) {
  const { def } = schema;
  const inner = () => typeText(def.innerType, names);
  switch (def.type) {
    case 'string':
      return 'string';
    case 'number':
      return schema.isInt ? 'integer' : 'number';
    case 'literal':
      return def.values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
    case 'enum':
      return Object.values(def.entries)
        .map((value) => `\`"${value}"\``)
        .join(', ');
    case 'nullable':
      return `${inner()} or null`;
    case 'optional':
      return inner();
    case 'default':
      return `${inner()}, default \`${JSON.stringify(def.defaultValue)}\``;
    case 'array':
      return `list of ${typeText(def.element, names)}`;
    case 'tuple':
      return `[${def.items.map((item) => typeText(item, names)).join(', ')}]`;
    case 'record':
      return `object of ${typeText(def.valueType, names)} by name`;
    case 'union':
      return def.options.map((option) => typeText(option, names)).join(' or ');
    case 'object':
      return 'object';
    case 'custom':
      return 'error code ([list](errors/README.md))';
    case 'void':
    case 'undefined':
      return 'nothing';
    default:
      return def.type;
  }
}

/** A schema without what may wrap an object or a union: default, optional, nullable, array. */
function bare(schema, names) {
  if (names.has(schema)) return null;
  const { innerType, element } = schema.def;
  const inner = innerType ?? element;
  return inner === undefined ? schema : bare(inner, names);
}

/**
 * The fields of a schema as a nested Markdown list; empty for one without fields, or whose fields stand elsewhere.
 * @param key where its comments are, see `readComments`
 */
export function fieldList(schema, key, { names, comments, depth = 0, top = false }) {
  const known = top ? (schema.def.innerType ?? schema) : bare(schema, names);
  if (known === null) return [];
  const indent = '  '.repeat(depth);
  const options = { names, comments, depth: depth + 1 };
  if (known.def.type === 'union') {
    return known.def.options.flatMap((option, at) => {
      const place = `${key}[${at}]`;
      const lines = fieldList(option, place, options);
      const comment = comments.get(place);
      if (lines.length === 0 && comment === undefined) return [];
      return [`${indent}- ${typeText(option, names)}${comment ? `: ${comment}` : ''}`, ...lines];
    });
  }
  if (known.def.type !== 'object') return [];
  return Object.entries(known.def.shape).flatMap(([field, value]) => {
    const place = `${key}.${field}`;
    const comment = comments.get(place) ?? '';
    const optional = value.def.type === 'optional' ? ' (optional)' : '';
    const line = `${indent}- \`${field}\`${optional}: ${typeText(value, names)}${comment ? `. ${comment}` : ''}`;
    return [line, ...fieldList(value, place, options)];
  });
}

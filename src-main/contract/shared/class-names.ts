/** Names of classes: they are keys of records in files and on the wire. */

/**
 * A name as classes are stored: in Unicode NFC, and not `__proto__`, which JavaScript takes for something else than a
 * key; that class is called `_proto_`.
 */
export function classNameOf(name: string): string {
  const normal = name.normalize('NFC');
  return normal === '__proto__' ? '_proto_' : normal;
}

/** Groups of two or more names that differ in letter case, spaces, `_` and `-` only. */
export function alikeNames(names: readonly string[]): string[][] {
  const groups = Map.groupBy(names, (name) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_-]+/gu, ''),
  );
  return [...groups].flatMap(([key, members]) => (key !== '' && members.length > 1 ? [members] : []));
}

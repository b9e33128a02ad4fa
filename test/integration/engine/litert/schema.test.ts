/** The facts of LiteRT's file format, against the module that its package for Python carries. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as ours from '../../../../src-main/engine/litert/schema.ts';
import { pythonWith, runPython, tensorflowPackages } from '../../../fixtures/python-environment.ts';

const { python, missing } = pythonWith(...tensorflowPackages);

describe.skipIf(python === null)(`the schema ${missing ?? ''}`, () => {
  const where =
    'import importlib.util as u; print(u.find_spec("ai_edge_litert").submodule_search_locations[0])';
  const module =
    python === null
      ? ''
      : readFileSync(`${runPython(python, ['-c', where]).trim()}/schema_py_generated.py`, 'utf8');

  /** Of each field, what stands for it in the module: slot, how a number is written, and its default. */
  function fieldsOf(table: string): Record<string, { slot: number; stored: string; absent: number }> {
    const pattern = new RegExp(
      `^def ${table}Add(\\w+)\\(builder, \\w+\\):\\s+builder\\.Prepend(\\w+)Slot\\((\\d+), .*, ([-\\d.]+)\\)$`,
      'gm',
    );
    return Object.fromEntries(
      Array.from(module.matchAll(pattern), ([, name, stored, slot, absent]) => [
        name[0].toLowerCase() + name.slice(1),
        { slot: Number(slot), stored, absent: Number(absent) },
      ]),
    );
  }

  const stored: Record<string, string> = {
    bool: 'Bool',
    int8: 'Int8',
    uint8: 'Uint8',
    int32: 'Int32',
    uint32: 'Uint32',
    float32: 'Float32',
  };

  it('has the slots, types and defaults of every field', () => {
    for (const [table, fields] of Object.entries(ours.litertSchema)) {
      const theirs = fieldsOf(table);
      for (const [name, { slot, kind, absent = 0 }] of Object.entries(fields)) {
        const wanted = { slot, stored: stored[kind] ?? 'UOffsetTRelative', absent };
        expect({ [`${table}.${name}`]: theirs[name] }).toEqual({ [`${table}.${name}`]: wanted });
      }
    }
  });

  it.each(['BuiltinOperator', 'BuiltinOptions', 'TensorType', 'ActivationFunctionType', 'Padding'] as const)(
    'has the numbers of %s',
    (name) => {
      const [, body] = new RegExp(`^class ${name}\\(object\\):\\n((?: {4}\\w+ = \\d+\\n)+)`, 'm').exec(
        module,
      )!;
      const theirs = Object.fromEntries(
        Array.from(body.matchAll(/(\w+) = (\d+)/g), ([, key, value]) => [
          name === 'Padding' ? key.toLowerCase() : key,
          Number(value),
        ]),
      );
      expect(theirs).toMatchObject(ours[name]);
    },
  );
});

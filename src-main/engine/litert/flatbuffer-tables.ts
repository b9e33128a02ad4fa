/** Tables of a FlatBuffers schema written with Google's library, field by field as a description of the schema says. */
import { Builder } from 'flatbuffers';

/** What a field holds; `tables`, `integers`, … are vectors. */
type Kind =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int32'
  | 'uint32'
  | 'float32'
  | 'text'
  | 'table'
  | 'union'
  | 'tables'
  | 'integers'
  | 'longs'
  | 'floats'
  | 'bytes';

/** A field of a table. */
export interface Field {
  /** Its place in the table. */
  readonly slot: number;
  readonly kind: Kind;
  /** The table that it holds, for `table` and `tables`. */
  readonly of?: string;
  /** What a number is where nothing is written. */
  readonly absent?: number;
}

/** Tables by name, their fields by name. */
export type Schema = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** The fields of a table, by name; left out are those that are undefined. */
export interface Row {
  readonly [field: string]: FieldValue | undefined;
}

/** A table of any kind, where a field may hold several. */
export interface UnionRow {
  readonly table: string;
  readonly row: Row;
}

type FieldValue =
  number | boolean | string | readonly number[] | Uint8Array | Row | UnionRow | readonly Row[];

const field =
  (kind: Kind) =>
  (slot: number, absent = 0): Field => ({ slot, kind, absent });

/** Makers of fields: the slot, then the default of a number. */
export const fields = {
  bool: field('bool'),
  int8: field('int8'),
  uint8: field('uint8'),
  int32: field('int32'),
  uint32: field('uint32'),
  float32: field('float32'),
  text: (slot: number): Field => ({ slot, kind: 'text' }),
  union: (slot: number): Field => ({ slot, kind: 'union' }),
  integers: (slot: number): Field => ({ slot, kind: 'integers' }),
  longs: (slot: number): Field => ({ slot, kind: 'longs' }),
  floats: (slot: number): Field => ({ slot, kind: 'floats' }),
  bytes: (slot: number): Field => ({ slot, kind: 'bytes' }),
  table: (slot: number, of: string): Field => ({ slot, kind: 'table', of }),
  tables: (slot: number, of: string): Field => ({ slot, kind: 'tables', of }),
};

/** What programs may assume of the bytes in a `bytes` field: that they begin at a multiple of 16. */
const alignment = 16;

/**
 * The bytes of a file.
 * @param root the name of its outermost table
 * @param identifier four letters that such files have
 * @param size about how many bytes it will have
 */
export function writeFlatBuffer(
  schema: Schema,
  root: string,
  row: Row,
  identifier: string,
  size = 1024,
): Uint8Array {
  const builder = new Builder(size);
  const offset = new TableWriter(builder, schema).table(root, row);
  builder.finish(offset, identifier);
  return builder.asUint8Array();
}

class TableWriter {
  readonly #builder: Builder;
  readonly #schema: Schema;

  constructor(builder: Builder, schema: Schema) {
    this.#builder = builder;
    this.#schema = schema;
  }

  /** Writes what a table points to, then the table. @returns its offset */
  table(name: string, row: Row): number {
    const known = this.#schema[name];
    const given = Object.entries(row).filter(([, value]) => value !== undefined);
    const stored = given.map(([key, value]) => {
      const its = known[key];
      return { its, value: isScalar(its.kind) ? value : this.#pointed(its, value!) };
    });
    const builder = this.#builder;
    builder.startObject(1 + Math.max(...Object.values(known).map(({ slot }) => slot), 0));
    for (const { its, value } of stored) this.#store(its, Number(value));
    return builder.endObject();
  }

  #store({ slot, kind, absent = 0 }: Field, value: number): void {
    const builder = this.#builder;
    if (kind === 'bool' || kind === 'int8' || kind === 'uint8') builder.addFieldInt8(slot, value, absent);
    else if (kind === 'int32' || kind === 'uint32') builder.addFieldInt32(slot, value, absent);
    else if (kind === 'float32') builder.addFieldFloat32(slot, value, absent);
    else builder.addFieldOffset(slot, value, 0);
  }

  #pointed({ kind, of }: Field, value: FieldValue): number {
    const builder = this.#builder;
    if (kind === 'text') return builder.createString(value as string);
    if (kind === 'bytes') return this.#bytes(value as Uint8Array);
    if (kind === 'table') return this.table(of!, value as Row);
    if (kind === 'union') return this.table((value as UnionRow).table, (value as UnionRow).row);
    if (kind === 'tables') {
      const offsets = (value as readonly Row[]).map((row) => this.table(of!, row));
      return this.#vector(4, offsets, (offset) => builder.addOffset(offset));
    }
    const numbers = value as readonly number[];
    if (kind === 'longs') return this.#vector(8, numbers, (number) => builder.addInt64(BigInt(number)));
    if (kind === 'floats') return this.#vector(4, numbers, (number) => builder.addFloat32(number));
    return this.#vector(4, numbers, (number) => builder.addInt32(number));
  }

  /** Vectors are written from their end. */
  #vector(bytes: number, values: readonly number[], add: (value: number) => void): number {
    this.#builder.startVector(bytes, values.length, bytes);
    for (const value of values.toReversed()) add(value);
    return this.#builder.endVector();
  }

  #bytes(values: Uint8Array): number {
    this.#builder.prep(alignment, values.byteLength);
    return this.#builder.createByteVector(values);
  }
}

function isScalar(kind: Kind): boolean {
  return /^(bool|u?int\d+|float32)$/.test(kind);
}

/**
 * Rows as they stand in a database that anything may have written: another version, a failing disk, a stranger. Each
 * row is checked by itself, so that a damaged one is the problem of its own item and of nothing else.
 */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { z } from 'zod';

/** A row as SQLite gives it. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** A row that does not fit its schema. */
export interface DamagedRow {
  readonly row: StoredRow;
  /** What is wrong with it, for people. */
  readonly reason: string;
}

/** The row read with its schema, or what is wrong with it. */
export type ParsedRow<T> = { readonly value: T } | DamagedRow;

/**
 * Rows of a statement with numbers as numbers. An integer beyond 2^53, which Node refuses to read together with all the
 * other rows, becomes the nearest number, which no schema of a whole number accepts.
 */
export function readRows(statement: StatementSync, ...values: SQLInputValue[]): StoredRow[] {
  statement.setReadBigInts(true);
  return statement.all(...values).map((row) => toNumbers(row));
}

/** As `readRows`, for one row; null when there is none. */
export function readRow(statement: StatementSync, ...values: SQLInputValue[]): StoredRow | null {
  statement.setReadBigInts(true);
  const row = statement.get(...values);
  return row === undefined ? null : toNumbers(row);
}

function toNumbers(row: Record<string, unknown>): StoredRow {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return Object.fromEntries(entries) as StoredRow;
}

/** Checks a row. */
export function parseRow<T>(schema: z.ZodType<T>, row: StoredRow): ParsedRow<T> {
  const parsed = schema.safeParse(row);
  return parsed.success ? { value: parsed.data } : { row, reason: reasonOf(parsed.error) };
}

/** The rows that fit their schema; damaged ones are left out. For what can be made again, or is an addition only. */
export function soundRows<T>(schema: z.ZodType<T>, rows: readonly StoredRow[]): T[] {
  return rows.flatMap((row) => {
    const parsed = parseRow(schema, row);
    return 'value' in parsed ? [parsed.value] : [];
  });
}

const longestReason = 200;

function reasonOf({ issues }: z.ZodError): string {
  const [{ path, message }] = issues;
  const place = path.map(String).join('.');
  const reason = place === '' ? message : `${place}: ${message}`;
  return reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
}

/** A column of JSON text that holds what `schema` says. */
export function jsonColumn<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'it is not valid JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

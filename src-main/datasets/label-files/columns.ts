/** Which columns of a table hold photos, their classes and their splits: told from the heading and from what is in them. */
import { labelColumns as ownColumns } from '../../contract/shared/csv.ts';
import { hasImageEnding } from './scan-names.ts';
import { splitOfName } from './split-names.ts';

/** A column that says of each photo whether it is of one class. */
export interface FlagColumn {
  readonly column: number;
  readonly name: string;
}

/** A table's columns, by their places. */
export interface Columns {
  readonly path: number;
  /** The column with the class; null for a table that gives none, and where each class has a column. */
  readonly label: number | null;
  /** The columns that are one class each. */
  readonly flags: readonly FlagColumn[];
  /** Undefined: no column holds splits. */
  readonly split: number | undefined;
  readonly header: boolean;
  /** Cells of the label column may hold several classes. */
  readonly several: boolean;
  /** The list is one that Lenslet wrote, which marks what would be a formula. */
  readonly own: boolean;
  /** Names of the columns, or their numbers where there is no heading. */
  readonly names: readonly string[];
  /** Names of those that are not read. */
  readonly ignored: readonly string[];
}

/** Why the columns are not clear, as a part of a sentence. */
export class UnclearColumns extends Error {
  readonly names: readonly string[];
  constructor(reason: string, names: readonly string[]) {
    super(reason);
    this.names = names;
  }
}

/** Best first, in the form of `plain`. */
const pathNames =
  words(`path file filename filepath image imagepath imagefile imagefilename imagename imageuri imageurl
  imageid imageindex img imgname imgpath imgid photo photoid photopath picture sourceref gcsuri uri url externalid fname
  idcode key name id datei dateiname dateipfad bild pfad fichier chemin archivo ruta percorso immagine`);
const labelNames =
  words(`label labels labelname class classes classname classlabel category categories categoryname
  target tag tags classid labelid categoryid groundtruth gt truth annotation annotations finallabel findinglabels finding
  diagnosis dx breed species variety choice level y klasse klassen klassenname kategorie etikett clase classe categorie
  categoria etiquette etiqueta`);
/** Of these one cell may hold several classes. */
const pluralNames = words('labels classes categories tags annotations findinglabels');
const splitNames = words('split splits set subset partition fold mluse usage phase datasplit datasettype');

function words(list: string): readonly string[] {
  return list.split(/\s+/);
}

/** A column's name without letter case, marks and separators: `Class ID` and `class_id` are the same. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Rows from which on a column that has another value in each of them is a name or a number, not a class. */
const rowsForDistinct = 8;

/**
 * Finds the columns of a table.
 * @param sample its first rows; at least one
 * @throws UnclearColumns
 */
export function findColumns(sample: readonly (readonly string[])[]): Columns {
  const [first, ...others] = sample;
  const width = Math.max(...sample.map((row) => row.length));
  const places = Array.from({ length: width }, (_, column) => column);
  const header = isHeader(first, others);
  const rows = header ? others : sample;
  const names = places.map((column) => (header && first[column]) || `column ${column + 1}`);
  const table = new SampledTable(header ? first : [], rows, places);
  const path = pathColumn(table);
  const split = splitColumn(table, path);
  const rest = places.filter((column) => column !== path && column !== split);
  const { label = null, flags = [] } = labelColumns(table, rest, split !== undefined, names);
  const read = new Set([path, split, label, ...flags.map(({ column }) => column)]);
  const own = header && ownColumns.every((name) => first.includes(name));
  return {
    path,
    label,
    flags,
    split,
    header,
    several: label !== null && pluralNames.includes(plain(names[label])),
    own,
    names,
    ignored: own ? [] : places.filter((column) => !read.has(column)).map((column) => names[column]),
  };
}

/** What is asked of a table's first rows. */
class SampledTable {
  readonly #names: readonly string[];
  readonly #values: readonly (readonly string[])[];

  constructor(header: readonly string[], rows: readonly (readonly string[])[], places: readonly number[]) {
    this.#names = places.map((column) => plain(header[column] ?? ''));
    this.#values = places.map((column) => rows.map((row) => row[column] ?? ''));
  }

  /** Places of the columns with one of these names, the best name first. */
  named(known: readonly string[]): number[] {
    return known.flatMap((name) => this.#names.flatMap((one, column) => (one === name ? [column] : [])));
  }

  /** The part of filled cells that pass a test; 0 where all are empty. */
  share(column: number, test: (value: string) => boolean): number {
    const filled = this.#values[column].filter((value) => value !== '');
    return filled.length === 0 ? 0 : filled.filter(test).length / filled.length;
  }

  isNumeric(column: number): boolean {
    return this.share(column, (value) => Number.isFinite(Number(value))) === 1;
  }

  isDistinct(column: number): boolean {
    const values = this.#values[column];
    return values.length >= rowsForDistinct && new Set(values).size === values.length;
  }

  get places(): number[] {
    return this.#names.map((_, column) => column);
  }
}

/**
 * A heading names no photo. It has a known name, or a cell unlike all below it: a word above photos, or above cells
 * with digits.
 */
function isHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (first.some(hasImageEnding)) return false;
  const known = new Set([...pathNames, ...labelNames]);
  if (first.some((cell) => known.has(plain(cell)))) return true;
  const above = (test: (cell: string) => boolean) =>
    others.length > 0 && first.some((cell, at) => !test(cell) && others.every((row) => test(row[at] ?? '')));
  return above(hasImageEnding) || above((cell) => /\d/.test(cell));
}

function pathColumn(table: SampledTable): number {
  const photos = table.places.filter((column) => table.share(column, isPhotoName) > 0.5);
  const named = table.named(pathNames);
  const first = table.places[0];
  return named.find((column) => photos.includes(column)) ?? photos.at(0) ?? named.at(0) ?? first;
}

/** Also as an address with a query. */
function isPhotoName(value: string): boolean {
  return hasImageEnding(value.replace(/[?#].*$/, ''));
}

function splitColumn(table: SampledTable, path: number): number | undefined {
  const [named] = table.named(splitNames).filter((column) => column !== path);
  if (named !== undefined) return named;
  const isSplit = (value: string): boolean => splitOfName(value) !== null;
  return table.places.find((column) => column !== path && table.share(column, isSplit) === 1);
}

function labelColumns(
  table: SampledTable,
  rest: readonly number[],
  hasSplit: boolean,
  names: readonly string[],
): { readonly label?: number; readonly flags?: readonly FlagColumn[] } {
  const named = table.named(labelNames).filter((column) => rest.includes(column));
  // Where classes have a number and a name, their name.
  const best = named.find((column) => !table.isNumeric(column)) ?? named.at(0);
  if (best !== undefined) return { label: best };
  const flags = rest.filter((column) => table.share(column, (value) => flagOf(value) !== null) === 1);
  if (flags.length > 1 && flags.length === rest.length)
    return { flags: flags.map((column) => ({ column, name: names[column] })) };
  if (rest.length === 0) return {};
  if (rest.length === 1 && !table.isDistinct(rest[0])) return { label: rest[0] };
  const candidates = rest.filter((column) => !table.isDistinct(column));
  const texts = candidates.filter((column) => !table.isNumeric(column));
  const [only, ...more] = texts.length > 0 ? texts : candidates;
  if (only !== undefined && more.length === 0) return { label: only };
  if (only === undefined && hasSplit) return {};
  throw new UnclearColumns(
    only === undefined ? 'no column holds classes' : 'several columns may hold the classes',
    names,
  );
}

/** Whether a cell of a one-hot column says yes or no; null for anything else. An empty cell is a no. */
export function flagOf(value: string): boolean | null {
  if (/^(0+(\.0*)?|false|no|n)?$/i.test(value)) return false;
  return /^(1(\.0*)?|true|yes|y)$/i.test(value) ? true : null;
}

/**
 * Reads pickles without running anything. Python's own reader calls whatever a pickle names; this one knows the few
 * opcodes that files of weights need and builds plain values of them. Every other opcode, and every name that the
 * caller does not list, is refused.
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py for the opcodes
 */

import {
  PickleCall,
  PickleGlobal,
  type PickleList,
  type PickleMap,
  PickleReference,
  PickleRefused,
  type PickleValue,
} from './pickle-values.ts';

/** Most bytes of one pickle. Weights lie outside; the pickle of a network of 400 tensors has 60 kB. */
const maxBytes = 16 * 2 ** 20;
/** Most values that wait for their container at once. */
const maxStack = 1_000_000;

const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

const empty: PickleList = [];

/** One pickle that is being read. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #known: ReadonlySet<string>;
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, PickleValue>();
  readonly #end: number;
  at: number;

  constructor(bytes: Uint8Array, start: number, known: ReadonlySet<string>) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#known = known;
    this.at = start;
    this.#end = Math.min(bytes.byteLength, start + maxBytes);
  }

  read(): PickleValue {
    for (;;) {
      const opcode = this.#bytes[this.#take(1)];
      if (opcode === 0x2e) return this.#pop();
      this.#obey(opcode);
      if (this.#stack.length > maxStack) throw new PickleRefused('it holds too many values');
    }
  }

  /** Goes over so many bytes. @returns where they begin */
  #take(bytes: number): number {
    const start = this.at;
    if (start + bytes > this.#end) {
      const whole = this.#end === this.#bytes.byteLength;
      throw new PickleRefused(whole ? 'it ends too early' : 'its description is too large');
    }
    this.at += bytes;
    return start;
  }

  #obey(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        if (this.#bytes[this.#take(1)] !== 2) throw new PickleRefused('it has another protocol than 2');
        return;
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x4a: // BININT
        return this.#push(this.#view.getInt32(this.#take(4), true));
      case 0x4b: // BININT1
        return this.#push(this.#bytes[this.#take(1)]);
      case 0x4d: // BININT2
        return this.#push(this.#view.getUint16(this.#take(2), true));
      case 0x8a: // LONG1
        return this.#push(this.#long());
      case 0x58: // BINUNICODE
        return this.#push(this.#text());
      case 0x63: // GLOBAL
        return this.#push(this.#global());
      case 0x28: // MARK
        return void this.#stack.push(mark);
      default:
        return this.#collect(opcode);
    }
  }

  /** Opcodes that make values of values. */
  #collect(opcode: number): void {
    switch (opcode) {
      case 0x29: // EMPTY_TUPLE
        return this.#push(empty);
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(this.#popSeveral(opcode - 0x84));
      case 0x74: // TUPLE
        return this.#push(this.#popToMark());
      case 0x5d: // EMPTY_LIST
        return this.#push([]);
      case 0x61: // APPEND
        return this.#append(this.#popSeveral(1));
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x73: // SETITEM
        return this.#setItems(this.#popSeveral(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#popToMark());
      case 0x52: // REDUCE
        return this.#reduce();
      case 0x62: // BUILD
        // Attributes beside the entries of a dictionary, such as versions of layers.
        this.#pop();
        return void this.#map();
      case 0x51: // BINPERSID
        return this.#push(new PickleReference(this.#pop()));
      default:
        return this.#remember(opcode);
    }
  }

  #remember(opcode: number): void {
    switch (opcode) {
      case 0x71: // BINPUT
        return void this.#memo.set(this.#bytes[this.#take(1)], this.#top());
      case 0x72: // LONG_BINPUT
        return void this.#memo.set(this.#view.getUint32(this.#take(4), true), this.#top());
      case 0x68: // BINGET
        return this.#recall(this.#bytes[this.#take(1)]);
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#view.getUint32(this.#take(4), true));
      default:
        throw new PickleRefused(
          `it holds the pickle opcode 0x${opcode.toString(16)}, which weights do not need`,
        );
    }
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw new PickleRefused('its description is damaged');
    return value;
  }

  #top(): PickleValue {
    const value = this.#pop();
    this.#push(value);
    return value;
  }

  #popSeveral(count: number): PickleList {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popToMark(): PickleList {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw new PickleRefused('its description is damaged');
    const values = this.#stack.splice(start).slice(1);
    return values as PickleList;
  }

  #recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw new PickleRefused('its description is damaged');
    this.#push(value);
  }

  /** Little-endian two's complement of any length. */
  #long(): number | bigint {
    const length = this.#bytes[this.#take(1)];
    const start = this.#take(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(this.#bytes[start + index]);
    if (length > 0) value = BigInt.asIntN(8 * length, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #text(): string {
    const length = this.#view.getUint32(this.#take(4), true);
    const start = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + length));
  }

  #line(): string {
    const start = this.at;
    while (this.#bytes[this.#take(1)] !== 0x0a);
    return new TextDecoder().decode(this.#bytes.subarray(start, this.at - 1));
  }

  #global(): PickleGlobal {
    const name = `${this.#line()}.${this.#line()}`;
    if (!this.#known.has(name))
      throw new PickleRefused(`it names ${name.slice(0, 200)}, which weights do not need`);
    return new PickleGlobal(name);
  }

  #append(values: PickleList): void {
    const list = this.#top();
    // A tuple cannot be added to; the one empty tuple is shared.
    if (!Array.isArray(list) || list === empty) throw new PickleRefused('its description is damaged');
    for (const value of values) list.push(value);
  }

  #map(): PickleMap {
    const map = this.#top();
    if (!(map instanceof Map))
      throw new PickleRefused('it sets entries of something that is not a dictionary');
    return map;
  }

  #setItems(values: PickleList): void {
    const map = this.#map();
    if (values.length % 2 !== 0) throw new PickleRefused('its description is damaged');
    for (let index = 0; index < values.length; index += 2) {
      const key = values[index];
      if (typeof key !== 'string') throw new PickleRefused('a key of a dictionary is not text');
      map.set(key, values[index + 1]);
    }
  }

  #reduce(): void {
    const args = this.#pop();
    const callee = this.#pop();
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args))
      throw new PickleRefused('it calls something that is not a name');
    // The one call whose result is filled afterwards.
    const isMap = callee.name === 'collections.OrderedDict' && args.length === 0;
    this.#push(isMap ? new Map() : new PickleCall(callee.name, args));
  }
}

/**
 * Reads one pickle.
 * @param start where it begins
 * @param known names of classes and functions that it may hold, with their modules
 * @returns its value, and where the bytes after it begin
 * @throws PickleRefused
 */
export function readPickle(
  bytes: Uint8Array,
  start: number,
  known: ReadonlySet<string>,
): { value: PickleValue; end: number } {
  const reader = new Reader(bytes, start, known);
  const value = reader.read();
  return { value, end: reader.at };
}

/** What a HEIC file (ISO/IEC 23008-12) says of its pictures beside their pixels: which is meant, and its colours. */

/** The colours of the primary picture. */
export type HeifColours =
  | { readonly kind: 'profile'; readonly profile: Uint8Array }
  /** Code points of ISO/IEC 23091-2. */
  | { readonly kind: 'codes'; readonly primaries: number; readonly transfer: number }
  | null;

/** What is read. */
export interface HeifFacts {
  readonly colours: HeifColours;
  /** Where the flags of the items other than the primary one are: set to 1 they are hidden. */
  readonly otherItems: readonly number[];
}

interface Box {
  readonly type: string;
  /** First byte behind the header. */
  readonly start: number;
  readonly end: number;
}

/** Reads the meta box; nothing for a file without one, or with a damaged one. */
export function readHeifFacts(bytes: Uint8Array): HeifFacts {
  try {
    return new HeifReader(bytes).facts();
  } catch (error) {
    if (error instanceof RangeError) return { colours: null, otherItems: [] };
    throw error;
  }
}

class HeifReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  facts(): HeifFacts {
    const meta = this.#boxes(0, this.#bytes.length).find(({ type }) => type === 'meta');
    if (meta === undefined) return { colours: null, otherItems: [] };
    const inner = this.#boxes(meta.start + 4, meta.end);
    const of = (type: string) => inner.find((box) => box.type === type);
    const [pitm, iinf, iprp] = [of('pitm'), of('iinf'), of('iprp')];
    if (pitm === undefined) return { colours: null, otherItems: [] };
    const primary = this.#id(pitm.start + 4, this.#bytes[pitm.start] > 0);
    return {
      colours: iprp === undefined ? null : this.#coloursOf(primary, iprp),
      otherItems: iinf === undefined ? [] : this.#othersThan(primary, iinf),
    };
  }

  #id(at: number, wide: boolean): number {
    return wide ? this.#view.getUint32(at) : this.#view.getUint16(at);
  }

  #boxes(from: number, end: number): Box[] {
    const boxes: Box[] = [];
    for (let at = from; at + 8 <= end;) {
      const small = this.#view.getUint32(at);
      const header = small === 1 ? 16 : 8;
      const size = small === 1 ? Number(this.#view.getBigUint64(at + 8)) : small === 0 ? end - at : small;
      if (size < header || at + size > end) break;
      boxes.push({ type: this.#text(at + 4), start: at + header, end: at + size });
      at += size;
    }
    return boxes;
  }

  #text(at: number): string {
    return String.fromCharCode(...this.#bytes.subarray(at, at + 4));
  }

  #othersThan(primary: number, iinf: Box): number[] {
    const counted = this.#bytes[iinf.start] === 0 ? 2 : 4;
    return this.#boxes(iinf.start + 4 + counted, iinf.end).flatMap(({ type, start }) => {
      const version = this.#bytes[start];
      if (type !== 'infe' || version < 2) return [];
      return this.#id(start + 4, version > 2) === primary ? [] : [start + 3];
    });
  }

  #coloursOf(primary: number, iprp: Box): HeifColours {
    const inner = this.#boxes(iprp.start, iprp.end);
    const ipco = inner.find(({ type }) => type === 'ipco');
    if (ipco === undefined) return null;
    const properties = this.#boxes(ipco.start, ipco.end);
    const numbers = inner
      .filter(({ type }) => type === 'ipma')
      .flatMap((box) => this.#associated(primary, box));
    const found = numbers
      .flatMap((number) => (properties[number - 1]?.type === 'colr' ? [properties[number - 1]] : []))
      .map((box) => this.#colour(box));
    return found.find((one) => one?.kind === 'profile') ?? found.find((one) => one !== null) ?? null;
  }

  /** The numbers of a picture's properties, from 1. */
  #associated(item: number, ipma: Box): number[] {
    const wideIds = this.#bytes[ipma.start] > 0;
    const wideNumbers = (this.#bytes[ipma.start + 3] & 1) === 1;
    const numbers: number[] = [];
    let at = ipma.start + 8;
    for (let left = this.#view.getUint32(ipma.start + 4); left > 0 && at < ipma.end; left--) {
      const isItem = this.#id(at, wideIds) === item;
      at += wideIds ? 4 : 2;
      const count = this.#bytes[at++];
      for (let index = 0; index < count; index++) {
        const number = wideNumbers ? this.#view.getUint16(at) & 0x7fff : this.#bytes[at] & 0x7f;
        at += wideNumbers ? 2 : 1;
        if (isItem) numbers.push(number);
      }
    }
    return numbers;
  }

  #colour({ start, end }: Box): HeifColours {
    const type = this.#text(start);
    if (type === 'prof' || type === 'rICC')
      return { kind: 'profile', profile: this.#bytes.subarray(start + 4, end) };
    if (type !== 'nclx') return null;
    return {
      kind: 'codes',
      primaries: this.#view.getUint16(start + 4),
      transfer: this.#view.getUint16(start + 6),
    };
  }
}

/** What the reader of pickles makes of them: plain values, and names and calls that stay descriptions. */

/** What a pickle may hold. Tuples and lists are arrays, dictionaries are maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleGlobal
  | PickleCall
  | PickleReference
  | PickleList
  | PickleMap;
export type PickleList = PickleValue[];
export type PickleMap = Map<string, PickleValue>;

/** A name of a class or function. It stays a name. */
export class PickleGlobal {
  readonly name: string;

  /** @param name such as `torch._utils._rebuild_tensor_v2` */
  constructor(name: string) {
    this.name = name;
  }
}

/** A call that the pickle describes and that nobody makes. */
export class PickleCall {
  readonly name: string;
  readonly args: PickleList;

  constructor(name: string, args: PickleList) {
    this.name = name;
    this.args = args;
  }
}

/** A value that lies outside the pickle. */
export class PickleReference {
  readonly id: PickleValue;

  constructor(id: PickleValue) {
    this.id = id;
  }
}

/** Why a pickle cannot be read: the end of a sentence that begins with "the file cannot be used:". */
export class PickleRefused extends Error {}

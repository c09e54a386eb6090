// The part of Python's pickle that `torch.save` of a state_dict writes: data, and calls of a few functions allowed by name.
// A full unpickler runs whatever code a file names; this one has no way to (opcodes: CPython's Lib/pickletools.py).

/** Thrown where bytes are no whole PyTorch file, or one that asks for more than weights; the message says what it was. */
export class InvalidPytorchFile extends Error {
  override name = 'InvalidPytorchFile';

  constructor(problem: string) {
    super(`PyTorch file: ${problem}`);
  }
}

export interface PickleRules {
  /** By `module name`: functions that a pickle may call with a tuple, and values that it may only name. */
  globals: ReadonlyMap<string, unknown>;
  /** What stands for a persistent id (of a tensor's storage). */
  persistent: (id: unknown) => unknown;
}

/**
 * The value that a pickle of protocol 2 to 5 describes: dicts as `Map`, tuples and lists as arrays, None as null. It may share
 * parts, or contain itself. Takes time and memory in proportion to the bytes.
 * @throws InvalidPytorchFile where it names another global or opcode than a state_dict needs, or breaks off.
 */
export function unpickle(bytes: Uint8Array, rules: PickleRules): unknown {
  const machine = new PickleMachine(bytes, rules);
  for (;;) {
    const opcode = machine.byte();
    if (opcode === stop) return machine.pop();
    const instruction = instructions[opcode];
    if (!instruction) throw refused(`opcode 0x${opcode.toString(16).padStart(2, '0')}${nameOf(opcode)}`);
    instruction(machine);
  }
}

/** What a value is, for messages: its content may be large, or contain itself. */
export function kindOf(value: unknown): string {
  if (value instanceof Map) return 'a dict';
  if (Array.isArray(value)) return 'a tuple or list';
  if (value === null) return 'None';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const stop = 0x2e;

const instructions: Record<number, (machine: PickleMachine) => void> = {
  128: machine => machine.take(1), // PROTO
  149: machine => machine.take(8), // FRAME
  40: machine => machine.mark(), // MARK

  78: machine => machine.push(null), // NONE
  136: machine => machine.push(true), // NEWTRUE
  137: machine => machine.push(false), // NEWFALSE
  75: machine => machine.push(machine.byte()), // BININT1
  77: machine => machine.push(machine.take(2).getUint16(0, true)), // BININT2
  74: machine => machine.push(machine.take(4).getInt32(0, true)), // BININT
  71: machine => machine.push(machine.take(8).getFloat64(0)), // BINFLOAT
  138: machine => machine.push(machine.long(machine.byte())), // LONG1
  140: machine => machine.push(machine.text(machine.byte())), // SHORT_BINUNICODE
  88: machine => machine.push(machine.text(machine.uint32())), // BINUNICODE

  41: machine => machine.push([]), // EMPTY_TUPLE
  133: machine => machine.push(machine.popSeveral(1)), // TUPLE1
  134: machine => machine.push(machine.popSeveral(2)), // TUPLE2
  135: machine => machine.push(machine.popSeveral(3)), // TUPLE3
  116: machine => machine.push(machine.popToMark()), // TUPLE
  93: machine => machine.push([]), // EMPTY_LIST
  97: machine => machine.append(machine.popSeveral(1)), // APPEND
  101: machine => machine.append(machine.popToMark()), // APPENDS
  125: machine => machine.push(new Map()), // EMPTY_DICT
  115: machine => machine.setItems(machine.popSeveral(2)), // SETITEM
  117: machine => machine.setItems(machine.popToMark()), // SETITEMS

  113: machine => machine.remember(machine.byte()), // BINPUT
  114: machine => machine.remember(machine.uint32()), // LONG_BINPUT
  148: machine => machine.remember(), // MEMOIZE
  104: machine => machine.recall(machine.byte()), // BINGET
  106: machine => machine.recall(machine.uint32()), // LONG_BINGET

  99: machine => machine.pushGlobal(machine.line(), machine.line()), // GLOBAL
  147: machine => machine.pushGlobal(...(machine.popSeveral(2) as [unknown, unknown])), // STACK_GLOBAL
  81: machine => machine.pushPersistent(), // BINPERSID
  82: machine => machine.call(), // REDUCE
  98: machine => machine.dropState(), // BUILD
};

/** A reader of the bytes, and the stack and memo which the instructions work on. */
class PickleMachine {
  readonly #bytes: Uint8Array;
  readonly #rules: PickleRules;
  readonly #memo = new Map<number, unknown>();
  readonly #marked: unknown[][] = [];
  #stack: unknown[] = [];
  #position = 0;

  constructor(bytes: Uint8Array, rules: PickleRules) {
    this.#bytes = bytes;
    this.#rules = rules;
  }

  take(length: number): DataView {
    const { buffer, byteOffset, length: total } = this.#bytes;
    if (length > total - this.#position) throw damaged(`it breaks off at byte ${total}`);
    const view = new DataView(buffer, byteOffset + this.#position, length);
    this.#position += length;
    return view;
  }

  byte(): number {
    return this.take(1).getUint8(0);
  }

  uint32(): number {
    return this.take(4).getUint32(0, true);
  }

  /** A little-endian integer in two's complement; beyond 2⁵³ it is rounded, which no size or offset within a file reaches. */
  long(length: number): number {
    if (length > 8) throw damaged(`an integer of ${length} bytes`);
    const view = this.take(length);
    let bits = 0n;
    for (let i = length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(view.getUint8(i));
    return Number(BigInt.asIntN(8 * length, bits));
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw damaged('a line without end');
    const text = this.text(end - this.#position);
    this.take(1);
    return text;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    return this.popSeveral(1)[0];
  }

  popSeveral(count: number): unknown[] {
    if (this.#stack.length < count) throw damaged('it takes a value where none is left');
    return this.#stack.splice(-count);
  }

  mark(): void {
    this.#marked.push(this.#stack);
    this.#stack = [];
  }

  popToMark(): unknown[] {
    const items = this.#stack;
    const below = this.#marked.pop();
    if (!below) throw damaged('it takes values up to a mark where none was set');
    this.#stack = below;
    return items;
  }

  append(items: unknown[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw damaged(`it appends to ${kindOf(list)}`);
    for (const item of items) list.push(item);
  }

  setItems(items: unknown[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map) || items.length % 2 !== 0) throw damaged(`it sets items of ${kindOf(dict)}`);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  remember(index = this.#memo.size): void {
    this.#memo.set(index, this.#top());
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw damaged(`it refers to value ${index}, which it has not kept`);
    this.push(this.#memo.get(index));
  }

  pushGlobal(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a global without a name');
    const key = `${module} ${name}`;
    if (!this.#rules.globals.has(key)) throw refused(JSON.stringify(`${module}.${name}`.slice(0, 100)));
    this.push(this.#rules.globals.get(key));
  }

  pushPersistent(): void {
    this.push(this.#rules.persistent(this.pop()));
  }

  call(): void {
    const [callee, parameters] = this.popSeveral(2);
    if (typeof callee !== 'function' || !Array.isArray(parameters)) {
      throw refused(`a call of ${kindOf(callee)} with ${kindOf(parameters)}`);
    }
    this.push(callee(parameters));
  }

  /** BUILD sets an object's attributes: a state_dict has `_metadata`, which no weight depends on. */
  dropState(): void {
    this.pop();
    const target = this.#top();
    if (!(target instanceof Map)) throw refused(`attributes of ${kindOf(target)}`);
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw damaged('it uses a value where none is left');
    return this.#stack[this.#stack.length - 1];
  }
}

function damaged(problem: string): InvalidPytorchFile {
  return new InvalidPytorchFile(`its pickle is damaged: ${problem}`);
}

function refused(what: string): InvalidPytorchFile {
  return new InvalidPytorchFile(
    `its pickle asks for ${what}, which no state_dict needs; refused: it could run code. Save the network's state_dict() alone`,
  );
}

/** The opcodes that are met in pickles of whole objects. */
function nameOf(opcode: number): string {
  const names: Record<number, string> = { 105: 'INST', 111: 'OBJ', 129: 'NEWOBJ', 146: 'NEWOBJ_EX' };
  return names[opcode] ? ` (${names[opcode]})` : '';
}

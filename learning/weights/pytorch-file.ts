// PyTorch's `.pth` files (torch.save of a state_dict, since PyTorch 1.6), read as data: nothing that a file names is run.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { brainToNumber, halfToNumber } from '../../numeric/arrays/half-float.ts';
import type { NamedTensors } from './named-tensors.ts';
import { InvalidPytorchFile, kindOf, type PickleRules, unpickle } from './restricted-unpickler.ts';
import { storedZipMembers } from './stored-zip.ts';

export { InvalidPytorchFile };

/** Whether a file begins as PyTorch's do, old or new; its content may still be invalid. */
export function isPytorchFile(bytes: Uint8Array): boolean {
  return beginsWith(bytes, zipMagic) || beginsWith(bytes, legacyMagic);
}

/**
 * The floating-point tensors of a state_dict, or of a checkpoint that holds one, as float32, by name; views are laid out in C order. Integer tensors
 * (`num_batches_tracked`) are checked, and left out. The tensors take at most four times the file's bytes.
 * @throws InvalidPytorchFile where the file is damaged, of the format before 1.6, or holds anything but named tensors.
 */
export function decodePytorchFile(bytes: Uint8Array): NamedTensors {
  if (beginsWith(bytes, legacyMagic)) {
    throw new InvalidPytorchFile(
      'it is of the format before PyTorch 1.6; take the newer file (torchvision: resnet18-f37072fd.pth, resnet152-394f9c45.pth), or safetensors',
    );
  }
  const members = storedZipMembers(bytes);
  const folder = archiveFolder(members);
  let room = bytes.length; // elements; tensors that share a storage, or repeat its elements, are what could exceed it
  const tensors = new Map<string, NdArray<Float32Array>>();
  for (const [name, stored] of stateDict(members.get(`${folder}/data.pkl`)!)) {
    const { elementType, key, length } = stored.storage;
    const body = members.get(`${folder}/data/${key}`);
    if (body?.length !== length * elementType.bytes) {
      throw new InvalidPytorchFile(
        `${name} needs data/${key} of ${length} × ${elementType.bytes} bytes, the file has ${body?.length ?? 'none'}`,
      );
    }
    const count = elementCount(name, stored, room);
    room -= count;
    if (elementType.read) tensors.set(name, gather(stored, count, body, elementType.read));
  }
  return tensors;
}

const zipMagic = [0x50, 0x4b, 0x03, 0x04]; // "PK", of a member's header
// A pickle of the number 0x1950a86a20f9469cfc6c; its first two bytes alone could begin a safetensors file.
const legacyMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

// --- The state_dict: `<folder>/data.pkl` --------------------------------------------------------------------------

interface ElementType {
  bytes: number;
  /** Absent for integers, which are no weights. */
  read?: (view: DataView, at: number) => number;
}

interface Storage {
  elementType: ElementType;
  key: string;
  length: number;
}

/** Element i₁, i₂, … is the storage's at offset + Σ iₖ · strideₖ. */
interface StoredTensor {
  storage: Storage;
  offset: number;
  shape: number[];
  strides: number[];
}

const storageTypes: Record<string, ElementType> = {
  DoubleStorage: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  FloatStorage: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  HalfStorage: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BFloat16Storage: { bytes: 2, read: (view, at) => brainToNumber(view.getUint16(at, true)) },
  LongStorage: { bytes: 8 },
  IntStorage: { bytes: 4 },
  ShortStorage: { bytes: 2 },
  CharStorage: { bytes: 1 },
  ByteStorage: { bytes: 1 },
  BoolStorage: { bytes: 1 },
};

const pickleRules: PickleRules = {
  globals: new Map<string, unknown>([
    ['collections OrderedDict', emptyDict],
    ['torch._utils _rebuild_tensor_v2', rebuildTensor],
    ['torch._utils _rebuild_parameter', rebuildParameter],
    ...Object.entries(storageTypes).map(([name, type]) => [`torch ${name}`, type] as const),
  ]),
  persistent: storageOf,
};

const largestPickle = 4_000_000; // bytes; ResNet152's are 0.1 million

function stateDict(pickle: Uint8Array): [name: string, tensor: StoredTensor][] {
  if (pickle.length > largestPickle) {
    throw new InvalidPytorchFile(`its pickle has ${pickle.length} bytes, more than ${largestPickle}`);
  }
  const saved = unpickle(pickle, pickleRules);
  if (!(saved instanceof Map)) {
    throw new InvalidPytorchFile(`it holds ${kindOf(saved)}; save the network's state_dict() alone`);
  }
  const tensors = tensorsIn(saved);
  if (tensors.length > 0 || saved.size === 0) return tensors;
  const [[name, value]] = saved;
  throw new InvalidPytorchFile(
    `${String(name)} holds ${kindOf(value)}, no tensor; save the network's state_dict() alone`,
  );
}

/** The tensors in a dict and in dicts below it, by their keys joined with dots; what else a checkpoint holds is left out. */
function tensorsIn(
  dict: Map<unknown, unknown>,
  prefix = '',
  met = new Set<unknown>(),
): [name: string, tensor: StoredTensor][] {
  if (met.has(dict) || met.size > 10_000) return []; // a pickle may contain itself
  met.add(dict);
  return [...dict].flatMap(([key, value]) => {
    if (typeof key !== 'string') return [];
    if (isTensor(value)) return [[prefix + key, value]];
    return value instanceof Map ? tensorsIn(value, `${prefix}${key}.`, met) : [];
  });
}

function emptyDict({ length }: unknown[]): Map<unknown, unknown> {
  if (length > 0) throw new InvalidPytorchFile('its pickle is damaged: an OrderedDict made of parameters');
  return new Map();
}

function storageOf(id: unknown): Storage {
  const [tag, elementType, key, , length] = Array.isArray(id) ? id : [];
  const known = Object.values(storageTypes).includes(elementType);
  if (tag !== 'storage' || !known || typeof key !== 'string' || typeof length !== 'number') {
    throw new InvalidPytorchFile('its pickle is damaged: a persistent id that is no storage');
  }
  return { elementType, key, length };
}

function rebuildTensor([storage, offset, shape, strides]: unknown[]): StoredTensor {
  const whole = isWholeNumbers([offset]) && isWholeNumbers(shape) && isWholeNumbers(strides);
  if (!isStorage(storage) || !whole || shape.length !== strides.length || shape.length > 64) {
    throw new InvalidPytorchFile(
      'its pickle is damaged: a tensor without storage, or with impossible sizes or strides',
    );
  }
  return { storage, offset: offset as number, shape, strides };
}

function rebuildParameter([tensor]: unknown[]): StoredTensor {
  if (!isTensor(tensor))
    throw new InvalidPytorchFile(`its pickle is damaged: ${kindOf(tensor)} as parameter`);
  return tensor;
}

// Pickles make maps, arrays and plain values; objects are of this file alone.
const isStorage = (value: unknown): value is Storage => isObjectWith(value, 'elementType');
const isTensor = (value: unknown): value is StoredTensor => isObjectWith(value, 'strides');
const isObjectWith = (value: unknown, property: string) =>
  typeof value === 'object' && value !== null && property in value;

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0);
}

// --- Tensors: `<folder>/data/<key>` -------------------------------------------------------------------------------

/** The number of a tensor's elements, of which all lie in its storage. */
function elementCount(name: string, { storage, offset, shape, strides }: StoredTensor, room: number): number {
  if (shape.includes(0)) return 0;
  const count = shape.reduce((product, length) => product * length, 1);
  if (count > room) {
    throw new InvalidPytorchFile(`${name} [${shape}] has more elements than the file could hold`);
  }
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], offset);
  if (last >= storage.length) {
    throw new InvalidPytorchFile(
      `${name} [${shape}] reads element ${last} of data/${storage.key}, which has ${storage.length}`,
    );
  }
  return count;
}

function gather(
  { storage, offset, shape, strides }: StoredTensor,
  count: number,
  body: Uint8Array,
  read: (view: DataView, at: number) => number,
): NdArray<Float32Array> {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const data = new Float32Array(count);
  const index = shape.map(() => 0);
  let position = offset;
  for (let i = 0; i < count; i++) {
    data[i] = read(view, position * storage.elementType.bytes);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++index[axis] < shape[axis]) break;
      position -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return ndarray(data, shape);
}

/** The folder of `data.pkl`, named after the file that was saved. */
function archiveFolder(members: ReadonlyMap<string, Uint8Array>): string {
  const pickle = [...members.keys()].find(name => /^[^/]+\/data\.pkl$/.test(name));
  if (!pickle) throw new InvalidPytorchFile('a ZIP archive without data.pkl, which torch.save writes');
  const folder = pickle.slice(0, pickle.indexOf('/'));
  const order = members.get(`${folder}/byteorder`);
  if (order && new TextDecoder().decode(order) !== 'little') {
    throw new InvalidPytorchFile('it was saved on a big-endian machine; save it on a little-endian one');
  }
  return folder;
}

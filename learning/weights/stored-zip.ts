// The archive around PyTorch's files: a ZIP whose members are stored as they are.
// A reader of our own, because so little of ZIP is needed: the bytes are in memory already, PyTorch stores its members
// uncompressed, and a file below 4 GiB has no ZIP64 records. (datasets/formats/zip.ts, on yauzl, reads archives from disk, inflating.)
import { crc32 } from 'node:zlib';
import { InvalidPytorchFile } from './restricted-unpickler.ts';

/** The archive's members by name, as views of its bytes, with sizes and checksums verified. */
export function storedZipMembers(bytes: Uint8Array): Map<string, Uint8Array> {
  const { count, begin } = endRecord(bytes);
  const members = new Map<string, Uint8Array>();
  let position = begin;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const header = record(bytes, position, 46, 0x02014b50);
    const nameLength = header.getUint16(28, true);
    const name = new TextDecoder().decode(part(bytes, position + 46, nameLength));
    const body = memberBody(bytes, header, name);
    total += body.length;
    // Members that overlap could make a small file large.
    if (total > bytes.length) throw new InvalidPytorchFile('its members are larger than the file');
    const checksum = header.getUint32(16, true); // 0 where torch.save was told to compute none
    if (checksum !== 0 && crc32(body) !== checksum) {
      throw new InvalidPytorchFile(`${name} does not match its checksum: it is damaged, copy it again`);
    }
    members.set(name, body);
    position += 46 + nameLength + header.getUint16(30, true) + header.getUint16(32, true);
  }
  return members;
}

/** The record at the archive's end, before a comment of at most 65,535 bytes: how many members, and where their list begins. */
function endRecord(bytes: Uint8Array): { count: number; begin: number } {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true) !== 0x06054b50) continue;
    const end = record(bytes, at, 22, 0x06054b50);
    return { count: end.getUint16(10, true), begin: end.getUint32(16, true) };
  }
  throw new InvalidPytorchFile(`no end of its ZIP archive in ${bytes.length} bytes: it is cut off`);
}

function memberBody(bytes: Uint8Array, header: DataView, name: string): Uint8Array {
  const [method, packed, size] = [
    header.getUint16(10, true),
    header.getUint32(20, true),
    header.getUint32(24, true),
  ];
  if (method !== 0 || packed !== size) {
    throw new InvalidPytorchFile(
      `${name} is compressed (ZIP method ${method}); torch.save stores its members as they are`,
    );
  }
  const position = header.getUint32(42, true);
  const local = record(bytes, position, 30, 0x04034b50);
  return part(bytes, position + 30 + local.getUint16(26, true) + local.getUint16(28, true), size);
}

/** A record's fixed part, which begins with its signature. */
function record(bytes: Uint8Array, begin: number, length: number, signature: number): DataView {
  const fixed = part(bytes, begin, length);
  const view = new DataView(fixed.buffer, fixed.byteOffset, length);
  if (view.getUint32(0, true) !== signature) {
    throw new InvalidPytorchFile(`its ZIP archive is damaged at byte ${begin}`);
  }
  return view;
}

function part(bytes: Uint8Array, begin: number, length: number): Uint8Array {
  if (begin + length > bytes.length) {
    throw new InvalidPytorchFile(
      `it has ${bytes.length} bytes where ${begin + length} are due: it is cut off`,
    );
  }
  return bytes.subarray(begin, begin + length);
}

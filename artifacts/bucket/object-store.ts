// A bucket of an S3-compatible server: the few operations that a shared store needs. Endpoint, region and credentials are those of the
// SDK's usual places (environment, profiles, roles), and are never shown. Every object bears the digest of what was written, and what is
// read is held against it, as networks damage what they carry.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { digestOf, fileDigest } from '../digest.ts';
import { explainObjectError, InvalidStore, StoreUnreachable, statusOf } from './object-store-errors.ts';

/** An object as a listing shows it; its name is relative to the prefix. */
export interface ListedObject {
  name: string;
  bytes: number;
  /** When it was written, by the server's clock: milliseconds since 1970. */
  writtenAt: number;
}

export interface ObjectStore {
  /** `s3://bucket/prefix`, for messages. */
  readonly address: string;
  /** The text of an object, and its version; undefined where there is none. */
  read(name: string): Promise<{ text: string; version: string } | undefined>;
  /**
   * Writes a text; with `over` only in place of that version (null: only where there is none yet). Answers the new version, or
   * undefined where another was there first.
   */
  write(name: string, text: string, over?: string | null): Promise<string | undefined>;
  /** Sends a file, in parts where it is large; `sha256`: its digest, where that is known. */
  upload(name: string, file: string, sha256?: string): Promise<void>;
  /**
   * Brings an object into a file; `sha256`: what it must be, by default what was written. Damaged is what arrives wrong twice, and the
   * same: so the bucket has it.
   * @throws StoreUnreachable where it arrives otherwise each time
   */
  download(name: string, file: string, sha256?: string): Promise<'whole' | 'damaged' | 'missing'>;
  /** Bytes of an object; undefined where there is none. */
  size(name: string): Promise<number | undefined>;
  list(prefix: string): Promise<ListedObject[]>;
  /** Removes an object, if it is there. */
  remove(name: string): Promise<void>;
}

const partBytes = 8 << 20; // S3: 5 MiB at least
const mostParts = 10_000; // S3
const mostReadings = 5;
/** A server that is gone says nothing: connections are given up after a while, and so are those on which nothing moves. */
const timeouts = { connectionTimeout: 5_000, socketTimeout: 30_000 };

/**
 * Opens `s3://bucket/prefix` and looks whether it is there.
 * @throws InvalidStore, NoSuchBucket, StoreDenied, StoreUnreachable
 */
export async function openObjectStore(url: string): Promise<ObjectStore> {
  const { bucket, prefix } = parseAddress(url);
  const address = `s3://${bucket}${prefix && `/${prefix.slice(0, -1)}`}`;
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // the SDK's version is pinned
  const client = new S3Client({
    forcePathStyle: hasOwnEndpoint(),
    requestHandler: timeouts,
    responseChecksumValidation: 'WHEN_REQUIRED', // whatever is read is held against its SHA-256 here
  });
  const at = (name: string) => ({ Bucket: bucket, Key: `${prefix}${name}` });
  const attempt = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainObjectError(error, address, doing);
    }
  };
  /** Undefined where the server answers with one of the statuses. */
  const unless = <T>(statuses: number[], answer: Promise<T>) =>
    answer.catch(error => {
      if (error.name === 'NoSuchBucket' || !statuses.includes(statusOf(error) ?? 0)) throw error;
      return undefined;
    });
  /** Reads an object until it arrives as it was written, or twice alike; `take` takes the body and tells its digest. */
  const readSurely = (name: string, take: (body: Readable) => Promise<string>, expected?: string) =>
    attempt(`reading ${name}`, async () => {
      const wrong = new Set<string>();
      for (let readings = 1; ; readings++) {
        const found = await unless([404], client.send(new GetObjectCommand(at(name))));
        if (!found) return undefined;
        const digest = await take(found.Body as Readable).catch(failedReading);
        const isWhole = digest === (expected ?? writtenDigest(found) ?? digest);
        if (digest !== undefined && (isWhole || wrong.has(digest))) return { isWhole, version: found.ETag! };
        if (digest !== undefined) wrong.add(digest);
        if (readings === mostReadings) {
          throw new StoreUnreachable(
            `${address}: ${name} arrived damaged ${readings} times, otherwise each time`,
          );
        }
      }
    });

  const store: ObjectStore = {
    address,
    async read(name) {
      let text = '';
      const found = await readSurely(name, async body => {
        const bytes = await buffer(body);
        text = bytes.toString();
        return digestOf(bytes);
      });
      return found && { text, version: found.version };
    },
    write: (name, text, over) =>
      attempt(`writing ${name}`, async () => {
        const condition = over === undefined ? {} : over === null ? { IfNoneMatch: '*' } : { IfMatch: over };
        const Metadata = { sha256: digestOf(text) };
        const put = client.send(new PutObjectCommand({ ...at(name), Body: text, Metadata, ...condition }));
        const lost = over === undefined ? [] : over === null ? [409, 412] : [404, 409, 412];
        return (await unless(lost, put))?.ETag;
      }),
    upload: (name, file, sha256) =>
      attempt(`writing ${name}`, async () => {
        const { size } = await stat(file);
        const small = size <= partBytes ? await readFile(file) : undefined; // it may be replaced meanwhile
        const Metadata = { sha256: sha256 ?? (small ? digestOf(small) : await fileDigest(file)) };
        const Body = small ?? createReadStream(file, { highWaterMark: 1 << 20 });
        const partSize = Math.max(partBytes, Math.ceil(size / mostParts));
        await new Upload({ client, params: { ...at(name), Body, Metadata }, partSize, queueSize: 2 }).done();
      }),
    async download(name, file, sha256) {
      const take = async (body: Readable) => {
        await pipeline(body, createWriteStream(file));
        return fileDigest(file);
      };
      const found = await readSurely(name, take, sha256);
      return found ? (found.isWhole ? 'whole' : 'damaged') : 'missing';
    },
    size: name =>
      attempt(`reading ${name}`, async () => {
        const found = await unless([404], client.send(new HeadObjectCommand(at(name))));
        return found?.ContentLength;
      }),
    list: under =>
      attempt(`listing ${under}`, async () => {
        const objects: ListedObject[] = [];
        let next: string | undefined;
        do {
          const page = new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: `${prefix}${under}`,
            ContinuationToken: next,
          });
          const { Contents = [], NextContinuationToken } = await readable(() => client.send(page));
          for (const { Key = '', Size = 0, LastModified } of Contents) {
            if (!Key.startsWith(`${prefix}${under}`) || !LastModified) continue; // damaged on the way
            objects.push({
              name: Key.slice(prefix.length),
              bytes: Size,
              writtenAt: LastModified.getTime(),
            });
          }
          next = NextContinuationToken;
        } while (next !== undefined);
        return objects;
      }),
    remove: name =>
      attempt(`removing ${name}`, async () => {
        await unless([404], client.send(new DeleteObjectCommand(at(name))));
      }),
  };
  await store.list('leases/'); // few at any time
  return store;
}

/** The digest of an object as it was written; of those that an earlier version wrote nobody knows. */
function writtenDigest({ Metadata }: GetObjectCommandOutput): string | undefined {
  return Metadata?.sha256;
}

/** Of a body that broke off: nothing arrived. A disk that takes none is another matter. */
function failedReading(error: NodeJS.ErrnoException): undefined {
  if (error.syscall === 'write' || error.syscall === 'open') throw error;
  return undefined;
}

/** An answer that cannot be read is asked for again. */
async function readable<T>(ask: () => Promise<T>): Promise<T> {
  for (let readings = 1; ; readings++) {
    try {
      return await ask();
    } catch (error) {
      if (statusOf(error) !== 200 || readings === mostReadings) throw error;
    }
  }
}

/** Writes, compares and removes an object. @throws InvalidStore where the server writes over what it was told not to */
export async function requireConditionalWrites(objects: ObjectStore): Promise<void> {
  const name = `probes/${randomUUID()}`;
  try {
    const first = await objects.write(name, 'first', null);
    const again = await objects.write(name, 'again', null);
    const second = await objects.write(name, 'second', first ?? null);
    const late = await objects.write(name, 'late', first ?? null);
    if (first && !again && second && !late) return;
    throw new InvalidStore(
      `${objects.address}: the server does not honour conditional writes (If-None-Match, If-Match), by which hosts keep out of each other's way`,
    );
  } finally {
    await objects.remove(name);
  }
}

/**
 * Whether another server than Amazon's is meant: it is asked for `host/bucket`, as few of them have a name for each bucket. What the
 * variable holds is not shown, as it may be credentials.
 */
function hasOwnEndpoint(): boolean {
  const name = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'].find(variable => process.env[variable]);
  if (name === undefined) return false;
  const url = URL.canParse(process.env[name]!) ? new URL(process.env[name]!) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new InvalidStore(`${name}: expected http://host:port or https://host:port, without credentials`);
  }
  return true;
}

/** `prefix` is empty or ends in `/`. The value is not shown where it may hold credentials. */
function parseAddress(url: string): { bucket: string; prefix: string } {
  const [, bucket, rest = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined || /[^\w./-]/.test(rest)) {
    const shown = url.includes('@')
      ? 'something with "@" in it (credentials do not belong there)'
      : `"${url}"`;
    throw new InvalidStore(`SIMCNE_STORE: expected s3://bucket or s3://bucket/prefix, found ${shown}`);
  }
  const parts = rest.split('/').filter(part => part !== '');
  return { bucket, prefix: parts.map(part => `${part}/`).join('') };
}

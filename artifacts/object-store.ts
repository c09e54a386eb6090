// A bucket of an S3-compatible server: the few operations that a shared store needs. Endpoint, region and credentials are those of the
// SDK's usual places (environment, profiles, roles), and are never shown.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { explainObjectError, InvalidStore } from './object-store-errors.ts';

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
  /** Sends a file, in parts where it is large. */
  upload(name: string, file: string): Promise<void>;
  /** Brings an object into a file; false where there is none. */
  download(name: string, file: string): Promise<boolean>;
  /** Bytes of an object; undefined where there is none. */
  size(name: string): Promise<number | undefined>;
  list(prefix: string): Promise<ListedObject[]>;
  /** Removes an object, if it is there. */
  remove(name: string): Promise<void>;
}

const partBytes = 8 << 20; // S3: 5 MiB at least
const mostParts = 10_000; // S3
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
    responseChecksumValidation: 'WHEN_REQUIRED', // whatever is read is held against its own SHA-256
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
      if (error.name === 'NoSuchBucket' || !statuses.includes(error.$metadata?.httpStatusCode)) throw error;
      return undefined;
    });

  const store: ObjectStore = {
    address,
    read: name =>
      attempt(`reading ${name}`, async () => {
        const found = await unless([404], client.send(new GetObjectCommand(at(name))));
        return found && { text: await found.Body!.transformToString(), version: found.ETag! };
      }),
    write: (name, text, over) =>
      attempt(`writing ${name}`, async () => {
        const condition = over === undefined ? {} : over === null ? { IfNoneMatch: '*' } : { IfMatch: over };
        const put = client.send(new PutObjectCommand({ ...at(name), Body: text, ...condition }));
        const lost = over === undefined ? [] : over === null ? [409, 412] : [404, 409, 412];
        return (await unless(lost, put))?.ETag;
      }),
    upload: (name, file) =>
      attempt(`writing ${name}`, async () => {
        const { size } = await stat(file);
        const partSize = Math.max(partBytes, Math.ceil(size / mostParts));
        const body = createReadStream(file, { highWaterMark: 1 << 20 });
        await new Upload({ client, params: { ...at(name), Body: body }, partSize, queueSize: 2 }).done();
      }),
    download: (name, file) =>
      attempt(`reading ${name}`, async () => {
        const found = await unless([404], client.send(new GetObjectCommand(at(name))));
        if (found) await pipeline(found.Body as Readable, createWriteStream(file));
        return found !== undefined;
      }),
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
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: `${prefix}${under}`,
              ContinuationToken: next,
            }),
          );
          for (const { Key, Size, LastModified } of page.Contents ?? []) {
            const name = Key!.slice(prefix.length);
            objects.push({ name, bytes: Size!, writtenAt: LastModified!.getTime() });
          }
          next = page.NextContinuationToken;
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

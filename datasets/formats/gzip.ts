// gzip files, unpacked as they are read, and never beyond what they can rightly hold.
import { createReadStream } from 'node:fs';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The unpacked bytes of the file at `path`; the stream fails where it is damaged, truncated, or gives more than `limit` bytes. */
export function gunzip(path: string, limit: number): Readable {
  const packed = createReadStream(path, { highWaterMark: 1 << 20 });
  const tellReader = () => {}; // a failure anywhere destroys the last stream with it
  return pipeline(packed, createGunzip({ chunkSize: 1 << 18 }), atMost(limit), tellReader);
}

function atMost(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) done(new Error(`unpacks to more than the ${limit} bytes that it can hold`));
      else done(null, chunk);
    },
  });
}

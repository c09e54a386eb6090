// DICOM (PS3.3, PS3.5): single frames of 8 to 16 bits. Of all that a file says, only what makes its picture is looked at.
import { createRequire } from 'node:module';
import { inflateRawSync } from 'node:zlib';
import type { DataSet, Element } from 'dicom-parser';
import type { LevelRange } from '../levels.ts';
import { decodeFrame, isNative, type PixelForm } from './dicom-frame.ts';
import { NotTaken, type Picture, type PictureChoice, requireSize } from './picture.ts';

const dicomParser = createRequire(import.meta.url)('dicom-parser') as typeof import('dicom-parser');

/** @throws NotTaken, and errors of the decoders */
export async function decodeDicom(bytes: Uint8Array, choice: PictureChoice): Promise<Picture> {
  const data = parse(bytes);
  const form = pixelForm(data);
  requireSize(form.columns, form.rows, choice.mostPixels);
  const frames = framesOf(data);
  if (frames > 1 && choice.page === undefined) throw new NotTaken('stack', `${frames} frames`);
  const frame = (choice.page ?? 1) - 1;
  if (frame >= frames) throw new NotTaken('stack', `${frames} frames, none at --page ${choice.page}`);
  const element = data.elements.x7fe00010;
  if (!element) throw new NotTaken('kind', 'DICOM without pixels of whole numbers');
  const values = await decodeFrame(frameBytes(data, element, form, frame, frames), form);
  const { rows: height, columns: width } = form;
  if (form.photometric === 'PALETTE COLOR') {
    return { height, width, channels: 3, samples: looked(data, values), areLevels: true };
  }
  if (form.samples === 3) {
    const samples = form.allocated === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
    return { height, width, channels: 3, samples, areLevels: form.allocated === 8 };
  }
  return grey(data, form, values);
}

export function frameCount(bytes: Uint8Array): number {
  return framesOf(parse(bytes));
}

function framesOf(data: DataSet): number {
  return data.intString('x00280008') ?? 1;
}

const mostInflated = 1 << 30; // bytes

function parse(bytes: Uint8Array): DataSet {
  try {
    return dicomParser.parseDicom(bytes, {
      // Deflated files: the header as it is, then the rest
      inflater: (all: Uint8Array, position: number) => {
        const rest = inflateRawSync(all.subarray(position), { maxOutputLength: mostInflated });
        return new Uint8Array(Buffer.concat([all.subarray(0, position), rest]));
      },
    } as Parameters<typeof dicomParser.parseDicom>[1]);
  } catch (error) {
    const words =
      typeof error === 'string' ? error : ((error as { exception?: string }).exception ?? String(error));
    throw new NotTaken('broken', words.split('\n')[0]);
  }
}

function pixelForm(data: DataSet): PixelForm {
  const number = (tag: string, otherwise?: number) => {
    const value = data.uint16(tag) ?? otherwise;
    if (value === undefined) throw new NotTaken('kind', 'DICOM without a picture');
    return value;
  };
  const transferSyntax = data.string('x00020010') ?? '1.2.840.10008.1.2';
  const form: PixelForm = {
    rows: number('x00280010'),
    columns: number('x00280011'),
    samples: number('x00280002', 1),
    photometric: data.string('x00280004') ?? 'MONOCHROME2',
    isPlanar: number('x00280006', 0) === 1,
    allocated: number('x00280100'),
    stored: number('x00280101', number('x00280100')),
    highBit: number('x00280102', number('x00280101', number('x00280100')) - 1),
    isSigned: number('x00280103', 0) === 1,
    transferSyntax,
    isBigEndian: transferSyntax === '1.2.840.10008.1.2.2',
  };
  const { samples, allocated, stored, highBit } = form;
  if (samples !== 1 && samples !== 3) throw new NotTaken('channels', `${samples} samples a pixel`);
  if (allocated !== 8 && allocated !== 16) {
    throw new NotTaken('kind', `DICOM of ${allocated} bits a sample`);
  }
  if (stored < 1 || stored > allocated || highBit >= allocated || highBit < stored - 1) {
    throw new NotTaken('broken', `${stored} of ${allocated} bits, the highest ${highBit}`);
  }
  return form;
}

/** The bytes of a frame: a part of the pixels as they lie there, or a compressed stream. */
function frameBytes(
  data: DataSet,
  element: Element,
  form: PixelForm,
  frame: number,
  frames: number,
): Uint8Array {
  if (isNative(form)) {
    const samples = form.photometric === 'YBR_FULL_422' ? 2 : form.samples;
    const length = (form.rows * form.columns * samples * form.allocated) / 8;
    const start = element.dataOffset + frame * length;
    if (start + length > Math.min(element.dataOffset + element.length, data.byteArray.length)) {
      throw new NotTaken('broken', 'its pixels are cut off');
    }
    const isSwapped = form.isBigEndian && form.allocated === 8 && element.vr === 'OW';
    if (!isSwapped) return data.byteArray.subarray(start, start + length) as Uint8Array;
    const whole = Buffer.from(data.byteArray.subarray(start, start + length + (length & 1)));
    return whole.swap16().subarray(0, length);
  }
  const fragments = element.fragments?.length ?? 0;
  if (fragments === 0) throw new NotTaken('broken', 'has no compressed pixels');
  if (frames > 1 && fragments !== frames) {
    return dicomParser.readEncapsulatedImageFrame(data, element, frame) as Uint8Array;
  }
  const [first, count] = frames > 1 ? [frame, 1] : [0, fragments];
  return dicomParser.readEncapsulatedPixelDataFromFragments(data, element, first, count) as Uint8Array;
}

/** Rescaled (C.11.1), with the window that the file says, if any (C.11.2). */
function grey(data: DataSet, form: PixelForm, stored: ArrayLike<number>): Picture {
  const { rows: height, columns: width } = form;
  const [slope, intercept] = [data.floatString('x00281053') ?? 1, data.floatString('x00281052') ?? 0];
  const window = windowOf(data);
  const size = { height, width, channels: 1, inverted: form.photometric === 'MONOCHROME1' } as const;
  if (form.stored <= 8 && !form.isSigned && slope === 1 && intercept === 0 && !window) {
    return form.stored === 8
      ? { ...size, samples: Uint8Array.from(stored), areLevels: true }
      : {
          ...size,
          samples: Uint8Array.from(stored),
          areLevels: false,
          window: { from: 0, to: 2 ** form.stored - 1 },
        };
  }
  return {
    ...size,
    samples: Float32Array.from(stored, value => slope * value + intercept),
    areLevels: false,
    window,
  };
}

/** The first window: `LINEAR` counts the middle of values, `LINEAR_EXACT` their edges. */
function windowOf(data: DataSet): LevelRange | undefined {
  const [centre, width] = [data.floatString('x00281050', 0), data.floatString('x00281051', 0)];
  if (centre === undefined || width === undefined || !Number.isFinite(centre) || !(width >= 1))
    return undefined;
  const isExact = data.string('x00281056') === 'LINEAR_EXACT';
  const [middle, half] = isExact ? [centre, width / 2] : [centre - 0.5, (width - 1) / 2];
  return half > 0 ? { from: middle - half, to: middle + half } : undefined;
}

/** A picture by its colour table (C.7.9). */
function looked(data: DataSet, values: ArrayLike<number>): Uint8Array {
  const tables = ['1', '2', '3'].map(channel => {
    const descriptor = `x0028110${channel}`;
    const [count = 0, , bits = 16] = [0, 1, 2].map(i => data.uint16(descriptor, i));
    const first = data.int16(descriptor, 1) ?? 0;
    const element = data.elements[`x0028120${channel}`];
    const length = count === 0 ? 65536 : count;
    if (!element || element.length < length * (bits === 8 ? 1 : 2))
      throw new NotTaken('broken', 'its colour table is cut off');
    const entry = (i: number) =>
      bits === 8 ? data.byteArray[element.dataOffset + i] : data.uint16(`x0028120${channel}`, i)! >> 8;
    return (value: number) => entry(Math.min(length - 1, Math.max(0, value - first)));
  });
  const samples = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++)
    tables.forEach((table, channel) => {
      samples[3 * i + channel] = table(values[i]);
    });
  return samples;
}

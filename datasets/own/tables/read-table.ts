// Tables as people have them: comma, semicolon or tab; UTF-8, UTF-16, or what Excel writes in the West.
import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { InvalidOwnImages } from '../own-images.ts';

export interface Table {
  readonly file: string;
  /** Told apart: a second "x" is "x (2)". */
  readonly headings: readonly string[];
  /** Cells without blanks around them, a row each. */
  readonly rows: readonly (readonly string[])[];
  /** Where the letters are not of UTF-8. */
  readonly encoding?: string;
}

/**
 * Reads a table with a row of headings.
 * @throws InvalidOwnImages where it is none, or holds nothing
 */
export async function readTable(file: string): Promise<Table> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidOwnImages(file, `cannot be read (${error.code})`, error);
  });
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') {
    throw new InvalidOwnImages(
      file,
      'is no text but an archive, as Excel’s workbooks are; save the sheet as CSV',
    );
  }
  const { text, encoding } = decoded(bytes);
  const [headings = [], ...rows] = cells(file, text);
  if (rows.length === 0) throw new InvalidOwnImages(file, 'holds no row below its headings');
  return { file, headings: toldApart(headings), rows, encoding };
}

function decoded(bytes: Buffer): { text: string; encoding?: string } {
  for (const encoding of [unicodeOf(bytes), 'utf-8']) {
    try {
      if (!encoding) continue;
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return { text, encoding: encoding === 'utf-8' ? undefined : encoding.toUpperCase() };
    } catch {} // the next one
  }
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
}

/** UTF-16 by its mark, or by every second byte of a Latin text being zero. */
function unicodeOf(bytes: Buffer): string | undefined {
  const zeros = (offset: number) =>
    bytes.subarray(0, 400).filter((byte, i) => i % 2 === offset && byte === 0).length;
  const start = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  const many = Math.min(400, bytes.length) / 8;
  if (start === 0xfffe || zeros(1) > many) return 'utf-16le';
  if (start === 0xfeff || zeros(0) > many) return 'utf-16be';
  return undefined;
}

function cells(file: string, text: string): string[][] {
  const lines = text.replace(/^\ufeff/, '').replace(/^sep=(.)\r?\n/i, '');
  const [heading] = lines.split('\n', 1);
  const count = (character: string) => heading.split(character).length;
  const delimiter = [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
  try {
    return parse(lines, { delimiter, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (error instanceof CsvError) throw new InvalidOwnImages(file, `is no table: ${error.message}`, error);
    throw error;
  }
}

function toldApart(headings: readonly string[]): string[] {
  const met = new Map<string, number>();
  return headings.map(heading => {
    const times = (met.get(heading) ?? 0) + 1;
    met.set(heading, times);
    return times === 1 ? heading : `${heading} (${times})`;
  });
}

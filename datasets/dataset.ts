// What the catalogue knows of a dataset, and how it is read.
import type { ImageClass, ImageSet } from './image-set.ts';
import type { SourceFile } from './source-file.ts';

export interface Dataset {
  /** As on the command line. */
  readonly name: string;
  /** As in tables and figures. */
  readonly title: string;
  /** What is seen, and what the classes tell apart. */
  readonly task: string;
  readonly classes: readonly ImageClass[];
  readonly count: number;
  /** Height and width in pixels. */
  readonly imageSize: readonly [number, number];
  readonly licence: string;
  readonly citation: string;
  /** What has to be fetched before it can be read; nothing for a dataset that is drawn. */
  readonly files: readonly SourceFile[];
  /** Images of each class, where they are known for certain. */
  readonly expectedCounts?: readonly number[];
  /**
   * Reads all images. `files` maps the name of each of `files` to the path where it lies.
   * @throws InvalidDataset
   */
  read(files: ReadonlyMap<string, string>): Promise<ImageSet>;
}

// What the catalogue knows of a dataset, and how it is read.

import type { SourceFile } from './fetching/source-file.ts';
import type { ImageClass, OpenDataset } from './image-set.ts';

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
   * Opens the set for reading. `files` maps the name of each of `files` to the path where it lies; `scratch` is a folder, not
   * yet there, for what has to be unpacked while images are read: whoever opened the set removes it afterwards.
   * @throws InvalidDataset
   */
  open(files: ReadonlyMap<string, string>, scratch: string): Promise<OpenDataset>;
}

interface Made {
  code: string;
  /** All that was read for it: file and content. */
  sources: Iterable<[file: URL | string, content: string]>;
}
export function keptCode(
  source: URL,
  makers: readonly string[],
  make: (source: URL) => Promise<Made>,
): Promise<string>;

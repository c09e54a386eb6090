// Tables of text, for terminals.

/** Columns padded to their widest cell, `gap` blanks between; those that `isRight` is true of end in line. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  { gap = 2, isRight = (_column: number): boolean => false } = {},
): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column].length))) ?? [];
  const pad = (cell: string, column: number) =>
    isRight(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return rows.map(row => row.map(pad).join(' '.repeat(gap)).trimEnd()).join('\n');
}

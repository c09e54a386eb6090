// A table for LaTeX, in the form of the package booktabs.

/** `alignments` as LaTeX has them (`lrr`); lines are LaTeX already. */
export function latexTable(
  title: string,
  alignments: string,
  heading: string,
  lines: readonly string[],
): string {
  return [
    `% ${title}`,
    `\\begin{tabular}{${alignments}}`,
    '\\toprule',
    heading,
    '\\midrule',
    ...lines,
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** One line of cells, each of them LaTeX already. */
export function latexLine(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}

/** A text in which TeX reads nothing as its own. */
export function latexText(text: string): string {
  return text
    .replaceAll('\\', '\\textbackslash ')
    .replace(/[&%$#_{}]/g, '\\$&')
    .replace(/[~^]/g, '\\$&{}')
    .replaceAll(' ± ', ' $\\pm$ ')
    .replaceAll('×', '$\\times$')
    .replaceAll('°', '$^\\circ$')
    .replaceAll('−', '$-$')
    .replaceAll('–', '--')
    .replaceAll('’', "'");
}

// The colours of classes in every figure: matplotlib's palettes, walked as the paper's figures walk them.

const tab10 = '#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf'.split(' ');
const tab10Light = '#aec7e8 #ffbb78 #98df8a #ff9896 #c5b0d5 #c49c94 #f7b6d2 #c7c7c7 #dbdb8d #9edae5'.split(
  ' ',
);
const tab20 = tab10.flatMap((colour, i) => [colour, tab10Light[i]]);

/**
 * One colour for each of `count` classes, `#rrggbb`. Label l of L takes tab10[min(9, floor(10 l / (L − 1)))], as
 * matplotlib's colour map gives it in the authors' figures (which leaves out purple of 9, red and pink of 8).
 * Beyond ten classes that would repeat colours: tab20 is walked instead.
 */
export function classColours(count: number): string[] {
  const palette = count <= tab10.length ? tab10 : tab20;
  const step = palette.length / Math.max(1, count - 1);
  return Array.from(
    { length: count },
    (_, label) => palette[Math.min(palette.length - 1, Math.floor(step * label))],
  );
}

// Krzywinski's 15 colours for colour-blind readers (mk.bcgsc.ca/colorblind), black left for the last: it draws the eye.
const distinct =
  '#006ddb #db6d00 #009292 #920000 #b66dff #24ff24 #ff6db6 #924900 #6db6ff #490092 #004949 #ffb6db #b6dbff #ffff6d #000000'.split(
    ' ',
  );

/** The most classes that `distinctColours` tells apart. */
export const distinctColourCount = distinct.length;

/** One colour for each of `count` classes that have none of their own, told apart by colour-blind readers, too; beyond 15 they come round again. */
export function distinctColours(count: number): string[] {
  return Array.from({ length: count }, (_, label) => distinct[label % distinct.length]);
}

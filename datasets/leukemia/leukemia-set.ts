// The leukemia cells of the paper (Matek et al., 2019): 18,365 single cells in 15 classes.
import type { Dataset } from '../dataset.ts';
import type { ImageClass } from '../image-set.ts';

// Code, name (TCIA's abbreviations.txt), count (annotations.dat) and the colour of the paper's figures, in label order.
const kinds: readonly (readonly [short: string, name: string, count: number, colour: string])[] = [
  ['BAS', 'basophil', 79, '#2ca02c'],
  ['EBO', 'erythroblast', 78, '#008080'],
  ['EOS', 'eosinophil', 424, '#808000'],
  ['KSC', 'smudge cell', 15, '#ffff00'],
  ['LYA', 'lymphocyte (atypical)', 11, '#ff00ff'],
  ['LYT', 'lymphocyte (typical)', 3937, '#ff7f0e'],
  ['MMZ', 'metamyelocyte', 15, '#800000'],
  ['MOB', 'monoblast', 26, '#9467bd'],
  ['MON', 'monocyte', 1789, '#8c564b'],
  ['MYB', 'myelocyte', 42, '#e377c2'],
  ['MYO', 'myeloblast', 3268, '#d62728'],
  ['NGB', 'neutrophil (band)', 109, '#7f7f7f'],
  ['NGS', 'neutrophil (segmented)', 8484, '#1f77b4'],
  ['PMB', 'promyelocyte (bilobed)', 18, '#17becf'],
  ['PMO', 'promyelocyte', 70, '#000000'],
];

export const leukemiaClasses: readonly ImageClass[] = kinds.map(([short, name, , colour]) => ({
  name,
  short,
  colour,
}));
const classCounts = kinds.map(([, , count]) => count);

// MedIMeta's archive: the paper's images had its size. Nobody publishes a digest, so the first one seen is held to.
const archive = 'aml.zip';

export const leukemia: Dataset = {
  name: 'leukemia',
  title: 'Leukemia',
  task: 'white blood cells of patients with acute myeloid leukemia and of others, 15 kinds',
  classes: leukemiaClasses,
  count: classCounts.reduce((sum, count) => sum + count),
  imageSize: [224, 224],
  licence: 'CC BY 3.0 (originals), CC BY-SA 4.0 (MedIMeta)',
  citation:
    'Matek et al., A single-cell morphological dataset of leukocytes from AML patients and non-malignant controls, TCIA, 2019 (doi 10.7937/tcia.2019.36f5o9ld); Woerner et al., MedIMeta, 2024',
  files: [
    {
      name: archive,
      dataset: 'leukemia',
      firstBytes: 'zip',
      sources: [{ kind: 'url', url: `https://zenodo.org/records/7884735/files/${archive}` }],
      packs: /\.(tiff?|dat|csv|npy|hdf5)$/i, // the folder that TCIA's download leaves, or the archive unpacked
    },
  ],
  expectedCounts: classCounts,
  async open(files, scratch) {
    const { openLeukemia } = await import('./leukemia.ts'); // with all that decodes images
    return openLeukemia(files.get(archive)!, scratch, { classes: leukemiaClasses, classCounts });
  },
};

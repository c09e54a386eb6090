// PatchCamelyon as the paper uses it (PCam16): all 327,680 patches of 96×96 pixels. Zenodo record 2546921; sizes and sha256 as
// TensorFlow Datasets has them, md5 as torchvision has them.
import type { Dataset } from '../dataset.ts';
import type { SourceFile } from '../fetching/source-file.ts';
import { openPcam, type PcamFiles, type PcamRules, type PcamSplit, pcamSplits } from './pcam.ts';

const zenodo = 'https://zenodo.org/records/2546921/files';

const rules: PcamRules = {
  classes: [
    { name: 'no metastasis', short: 'no metastasis', colour: '#ff7f0e' },
    { name: 'metastasis', short: 'metastasis', colour: '#1f77b4' }, // in the patch's central 32×32 pixels
  ],
  size: 96,
  splits: { train: 262_144, valid: 32_768, test: 32_768 },
  share: { of1: 0.5, within: 0.01 }, // the owner's README: 50/50 in each split
};

type Part = `${PcamSplit}_${'x' | 'y'}`;

const known: Record<Part, Required<Pick<SourceFile, 'bytes' | 'md5' | 'sha256'>>> = {
  train_x: {
    bytes: 6_421_353_462,
    md5: '1571f514728f59376b705fc836ff4b63',
    sha256: 'd619e741468a7ab35c7e4a75e6821b7e7e6c9411705d45708f2a0efc8960656c',
  },
  train_y: {
    bytes: 21_378,
    md5: '35c2d7259d906cfc8143347bb8e05be7',
    sha256: 'b74126d2c01b20d3661f9b46765d29cf4e4fba6faba29c8e0d09d406331ab75a',
  },
  valid_x: {
    bytes: 805_965_320,
    md5: 'd5b63470df7cfa627aeec8b9dc0c066e',
    sha256: 'f82ee1670d027b4ec388048d9eabc2186b77c009655dae76d624c0ecb053ccb2',
  },
  valid_y: {
    bytes: 3_038,
    md5: '2b85f58b927af9964a4c15b8f7e8f179',
    sha256: 'ce1ae30f08feb468447971cfd0472e7becd0ad96d877c64120c72571439ae48c',
  },
  test_x: {
    bytes: 800_875_929,
    md5: 'd8c2d60d490dbd479f8199bdfa0cf6ec',
    sha256: '79174c2201ad521602a5888be8f36ee10875f37403dd3f2086caf2182ef87245',
  },
  test_y: {
    bytes: 3_040,
    md5: '60a7035772fbdb7f34eb86d4420cf66a',
    sha256: '0a522005fccc8bbd04c5a117bfaf81d8da2676f03a29d7499f71d0a0bd6068ef',
  },
};

export const pcam16: Dataset = {
  name: 'pcam16',
  title: 'PCam16',
  task: 'patches of lymph nodes (H&E), metastasis of breast cancer in the centre or not',
  classes: rules.classes,
  count: Object.values(rules.splits).reduce((sum, n) => sum + n),
  imageSize: [rules.size, rules.size],
  licence: 'CC0',
  citation:
    'Veeling et al., Rotation equivariant CNNs for digital pathology, MICCAI 2018; Ehteshami Bejnordi et al. (Camelyon16), JAMA 318, 2017',
  files: (Object.keys(known) as Part[]).map(part => ({
    name: fileOf(part),
    dataset: 'pcam16',
    firstBytes: 'gzip',
    ...known[part],
    sources: [{ kind: 'url', url: `${zenodo}/${fileOf(part)}` }],
  })),
  open(files, scratch) {
    const paths = pcamSplits.map(split => {
      const at = (part: Part) => files.get(fileOf(part))!;
      return [split, { x: at(`${split}_x`), y: at(`${split}_y`) }];
    });
    return openPcam(Object.fromEntries(paths) as PcamFiles, scratch, rules);
  },
};

function fileOf(part: Part): string {
  return `camelyonpatch_level_2_split_${part}.h5.gz`;
}

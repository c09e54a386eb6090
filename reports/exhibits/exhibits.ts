// All figures of the paper that an experiment's results give, each for every data set that has what it needs.
import { type EmbeddedCell, embeddingRun, isEmbedded } from '../figures/embedding.ts';
import type { CellResult, DatasetResult, ExperimentResult } from '../result.ts';
import { annotatedEmbeddingFigure } from './annotated-embedding.ts';
import { chooseClassExamples, classExamplesFigure } from './class-examples.ts';
import { clusterTips } from './cluster-tips.ts';
import type { Exhibit } from './exhibit.ts';
import { fourMethods, fourMethodsFigure } from './four-methods.ts';
import { leastImages, majorityGrid, majorityGridFigure } from './majority-grid.ts';
import { type MethodPictures, methodFigure } from './method.ts';
import { pictureUri, readTiles } from './tiles.ts';

/** The paper draws them of certain data sets; here every data set gets each, from t-SimCNE with 90° rotations. */
export async function exhibitsOf({ cells, datasets }: ExperimentResult): Promise<Exhibit[]> {
  const exhibits: Exhibit[] = [];
  for (const [name, dataset] of Object.entries(datasets)) {
    if (!dataset) continue;
    const own = cells.filter(cell => cell.dataset === name);
    const rotated = own.find(
      cell => cell.method === 't-simcne' && cell.augmentation === 'rot90' && isEmbedded(cell),
    );
    const method = own.find(cell => cell.method === 't-simcne');
    if (dataset.exampleViews && method) exhibits.push(await figure1(name, dataset, method));
    if (own.some(isEmbedded)) exhibits.push(figure2(name, dataset, own));
    if (!rotated || !isEmbedded(rotated)) continue;
    exhibits.push(
      await figure3(rotated, dataset),
      await figure4(rotated, dataset),
      await figure5(rotated, dataset),
    );
  }
  return exhibits;
}

async function figure1(name: string, dataset: DatasetResult, { network }: CellResult): Promise<Exhibit> {
  const { original, views, steps, image } = dataset.exampleViews!;
  const pictures: MethodPictures = {
    original: await pictureUri(original),
    views: await Promise.all(views.map(pictureUri)),
    steps: await Promise.all(
      steps.map(async ({ name: step, isAdded, view }) => ({
        name: step,
        isAdded,
        url: await pictureUri(view),
      })),
    ),
  };
  const { width = 64 } = (network ?? {}) as { width?: number };
  return {
    name: `figure-1-${name}`,
    place: 'Figure 1',
    caption:
      'a: In t-SimCNE, the network is trained to map two random augmentations of an image to close locations in the 2D output space. b: Augmentations used for natural images. c: Additional augmentations suggested for medical images.',
    spec: methodFigure(
      pictures,
      { name: 'ResNet', features: 8 * width, hidden: 16 * width },
      `${embeddingRun({ seed: undefined }, dataset)}, image ${image}`,
    ),
  };
}

function figure2(name: string, dataset: DatasetResult, cells: readonly CellResult[]): Exhibit {
  return {
    name: `figure-2-${name}`,
    place: 'Figure 2',
    caption: `Visualisations of ${dataset.title}: a, t-SNE of the images in pixel space; b, t-SNE of features of a ResNet18 pretrained on ImageNet; c, t-SimCNE with the augmentations of natural images; d, t-SimCNE with 90° rotations and flips as well. All turned to lie as the last.`,
    spec: fourMethodsFigure(fourMethods(cells, name), name, dataset),
  };
}

async function figure3(cell: EmbeddedCell, dataset: DatasetResult): Promise<Exhibit> {
  const examples = chooseClassExamples(cell, dataset);
  const tiles = await readTiles(
    dataset.thumbnails,
    examples.flatMap(({ images }) => images),
  );
  return {
    name: `figure-3-${cell.dataset}`,
    place: 'Figure 3',
    caption: `t-SimCNE visualisation of ${dataset.title}, with 90° rotations and vertical flips, and three random images of each class.`,
    spec: classExamplesFigure(cell, dataset, examples, tiles),
  };
}

async function figure4(cell: EmbeddedCell, dataset: DatasetResult): Promise<Exhibit> {
  const tips = clusterTips(cell, dataset.classes.length, { tipsPerClass: 2, imagesPerTip: 3 });
  const tiles = await readTiles(
    dataset.thumbnails,
    tips.flatMap(({ images }) => images),
  );
  return {
    name: `figure-4-${cell.dataset}`,
    place: 'Figure 4',
    caption: `t-SimCNE visualisation of ${dataset.title}. Colours correspond to classes. Lines lead from the densest places of each class to three random images of the 15 nearest there; frames show the images’ own classes.`,
    spec: annotatedEmbeddingFigure(cell, dataset, tips, tiles),
  };
}

async function figure5(cell: EmbeddedCell, dataset: DatasetResult): Promise<Exhibit> {
  const least = leastImages(cell.labels.data.length);
  const grid = majorityGrid(cell, dataset.classes.length, least);
  const tiles = await readTiles(
    dataset.thumbnails,
    grid.map(({ image }) => image),
  );
  return {
    name: `figure-5-${cell.dataset}`,
    place: 'Figure 5',
    caption: `a: t-SimCNE visualisation of ${embeddingRun(cell, dataset)}. b: A 10 × 10 grid over the embedding, with an image of the most frequent class in each square, framed in its colour. A square with fewer than ${least} images shows none.`,
    spec: majorityGridFigure(cell, dataset, grid, tiles),
  };
}

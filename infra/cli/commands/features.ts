// features: pooled features of a pretrained network, with the paper's preprocessing.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { oneOf, openImages, writeNpyRows } from '../npy-files.ts';
import { printResult, say } from '../output.ts';
import { UsageError } from '../usage-error.ts';

interface FeaturesOptions {
  network: string;
  weights: string;
  prefix?: string;
  images: string;
  output: string;
}

export function addFeaturesCommand(program: Command): void {
  program
    .command('features')
    .description('features of an ImageNet-pretrained network')
    .requiredOption('--network <name>', 'resnet18 or resnet152')
    .requiredOption('--weights <file>', 'safetensors or PyTorch’s .pth, with torchvision’s names')
    .option('--prefix <words>', 'what stands before the names of the network that is meant, e.g. encoder_q.')
    .requiredOption('--images <file>', '[n, height, width, 3], .npy or .npz')
    .requiredOption('--output <file>', 'where the features are written, .npy')
    .action(async ({ network, weights, prefix, images, output }: FeaturesOptions, command: Command) => {
      const name = oneOf('network', network, ['resnet18', 'resnet152']);
      const pictures = await openImages(images);
      for (const words of pictures.understood ?? []) say(command, `${images}: ${words}`);
      const bytes = await readFile(weights).catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`${weights}: cannot be read (${error.code})`);
      });
      const { pretrainedFeatures, readWeights } = await import('../../../learning/pretrained-features.ts');
      const { resnetTensors } = await import('../../../learning/weights/weight-names.ts');
      const { imagenetPicture } = await import('../../../datasets/resize.ts');
      const started = performance.now();
      const [n, d] = await naming(weights, () => {
        const hooks = { preprocess: imagenetPicture };
        const some = { n: pictures.n, blocks: pictures.blocks() };
        const tensors = resnetTensors(readWeights(bytes), prefix);
        const batches = pretrainedFeatures(name, tensors, some, hooks);
        return writeNpyRows(output, pictures.n, batches);
      });
      const seconds = (performance.now() - started) / 1000;
      printResult(command, { n, d, seconds }, () => `${output}: ${n} × ${d}, ${seconds.toFixed(1)} s`);
    });
}

const aboutWeights = ['InvalidSafetensors', 'InvalidPytorchFile', 'WrongWeights'];

/** Does the work; what it finds wrong with the weights is told with the name of their file. */
async function naming<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    if (aboutWeights.includes(name)) (error as Error).message = `${file}: ${message}`;
    throw error;
  }
}

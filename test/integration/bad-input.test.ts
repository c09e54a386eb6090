// What a person gets wrong: one clear message, exit code 2, nothing begun.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeSafetensors } from '../../learning/weights/safetensors.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { simcne, temporaryHome } from './command-line.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
const file = (name: string) => path.join(place.home, name);

beforeAll(async () => {
  place = await temporaryHome();
  await mkdir(place.home, { recursive: true });
  const points = (n: number) =>
    encodeNpy(
      ndarray(
        Float32Array.from({ length: 2 * n }, (_, i) => i % 7),
        [n, 2],
      ),
    );
  await writeFile(file('points.npy'), points(40));
  await writeFile(
    file('labels.npy'),
    encodeNpy(
      ndarray(
        Int32Array.from({ length: 40 }, (_, i) => i % 2),
        [40],
      ),
    ),
  );
  await writeFile(file('short.npy'), encodeNpy(ndarray(Int32Array.of(0, 1), [2])));
  await writeFile(
    file('lonely.npy'),
    encodeNpy(
      ndarray(
        Int32Array.from({ length: 40 }, (_, i) => Number(i === 3)),
        [40],
      ),
    ),
  );
  await writeFile(file('truncated.npy'), points(40).subarray(0, 200));
  await writeFile(file('text.npy'), 'hello');
  const broken = ndarray(
    Float32Array.from({ length: 80 }, (_, i) => (i === 9 ? Number.NaN : i)),
    [40, 2],
  );
  await writeFile(file('nan.npy'), encodeNpy(broken));
  const huge = Float64Array.from({ length: 80 }, (_, i) => (i % 7) * 1e200);
  await writeFile(file('huge.npy'), encodeNpy(ndarray(huge, [40, 2])));
  await writeFile(file('none.npy'), encodeNpy(ndarray(new Float32Array(0), [0, 2])));
  await writeFile(file('thin.npy'), encodeNpy(ndarray(new Float32Array(0), [40, 0])));
  await writeFile(file('two.npz'), zipSync({ 'a.npy': points(40), 'b.npy': points(40) }));
});
afterAll(() => place.remove());

it.each([
  [['run', 'qick'], /experiment "qick" is not known; there are quick, smoke, paper/],
  [['run', 'quick', '--method', 'umap'], /method "umap" is not part of experiment quick; it has t-simcne/],
  [
    ['run', 'quick', '--dataset', 'mnist'],
    /dataset "mnist" is not part of experiment quick; it has bloodmnist; "simcne data add" takes in/,
  ],
  [['run', 'quick', '--seed', '9'], /seed "9" is not part of experiment quick; it has 1/],
  [
    ['run', 'quick', '--force', 'paint'],
    /--force paint: the chosen cells have no such step; they have fetch/,
  ],
  [
    ['rerun', 'quick/bloodmnist/t-simcne/rot90'],
    /there is no cell quick\/bloodmnist\/t-simcne\/rot90; experiment quick has/,
  ],
  [['compare', 'quick', 'qick'], /experiment "qick" is not known; there are/],
  [['compare', 'quick', 'quick/bloodmnist/pixels-tsne'], /takes two experiments or two cells, got the exp/],
  [['compare', 'quick', 'quick', '--other-home', '/nowhere'], /there is no \/nowhere\/store/],
  [['run'], /missing required argument 'experiment'/],
  [['fly'], /unknown command 'fly'/],
  [['worker', '--queue', 'gpu'], /--queue "gpu" is not known; there are cpu, train, workflows/],
  [['data', 'fetch', 'mnist'], /data "mnist" is not known; there are/],
  [
    ['data', 'add', 'leukemia', '--npz', 'x.npz'],
    /"leukemia" is the name of a published data set; take another/,
  ],
  [['data', 'add', 'My Set', '--npz', 'x.npz'], /"My Set" cannot be a name: small letters/],
  [['data', 'add', 'mine'], /say either --npz FILE or --folder DIR/],
  [['verify', '--golden', '/nowhere'], /\/nowhere: cannot be read \(ENOENT\)/],
  [['verify', '--golden', 'numeric'], /numeric: holds no case; expected <check>\/<case>\/case\.json/],
  [['bench', 'prepare', '--dataset', 'bloodmnist', '--files', '/'], /--files \/: has no bloodmnist\.npz/],
  [['bench', 'train', '--width', '0'], /--width "0" must be a whole number of at least 1/],
  [
    ['bench', 'augment', '--augmentation', 'blur'],
    /--augmentation "blur" is not known; there are default, rot90, randrot/,
  ],
])('simcne %j', async (words, message) => {
  const ended = await simcne(place.home, ...words);
  expect(ended.stderr).toMatch(message);
  expect(ended.code).toBe(2);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

it.each([
  ['points.npy', 'short.npy', /2 labels for the 40 points/],
  ['missing.npy', 'labels.npy', /missing\.npy: cannot be read \(ENOENT\)/],
  ['truncated.npy', 'labels.npy', /truncated\.npy: npy: shape \(40,2\) of <f4 needs 320 bytes/],
  ['text.npy', 'labels.npy', /text\.npy: is neither \.npy nor \.npz/],
  ['nan.npy', 'labels.npy', /nan\.npy: point 4 has the value NaN/],
  ['points.npy', 'points.npy', /row 1 holds 2; labels have shape \[n\] or \[n, 1\]/],
  ['huge.npy', 'labels.npy', /huge\.npy: its largest number is 6\.00e\+200 in size/],
  ['none.npy', 'labels.npy', /none\.npy: holds no numbers: its shape is \[0,2\]/],
  ['thin.npy', 'labels.npy', /thin\.npy: holds no numbers: its shape is \[40,0\]/],
  ['two.npz', 'labels.npy', /two\.npz: holds "a", "b"; say which one is meant, as .*two\.npz:a/],
  ['two.npz:c', 'labels.npy', /two\.npz: holds no "c", but "a", "b"/],
  ['points.npy', 'lonely.npy', /every class needs two members, but of label 1 there is only one/],
])('simcne score of %s with %s', async (embedding, labels, message) => {
  const ended = await simcne(place.home, 'score', '--embedding', file(embedding), '--labels', file(labels));
  expect(ended.stderr).toMatch(message);
  expect(ended.code).toBe(2);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

it('refuses a file whose checksum is not that of the data set', async () => {
  await writeFile(file('bloodmnist.npz'), 'PK\u0003\u0004 but no more');
  const ended = await simcne(place.home, 'data', 'fetch', 'bloodmnist', '--from', file('bloodmnist.npz'));
  expect(ended.stderr).toMatch(/bloodmnist\.npz: expected/);
  expect(ended.code).toBe(2);
  const list = JSON.parse((await simcne(place.home, 'data', 'list', '--json')).stdout);
  const blood = list.datasets.find((one: { name: string }) => one.name === 'bloodmnist');
  expect(blood.state).toBe('not fetched');
});

it('keeps nothing of a folder in which one image cannot be decoded', async () => {
  for (let i = 0; i < 20; i++) {
    const image = sharp({ create: { width: 2, height: 2, channels: 3, background: { r: i, g: 0, b: 0 } } });
    const target = file(`pictures/${i % 2 ? 'a' : 'b'}/${i}.png`);
    await mkdir(path.dirname(target), { recursive: true });
    await image.png().toFile(target);
  }
  await writeFile(file('pictures/a/7.png'), 'no image');
  const ended = await simcne(place.home, 'data', 'add', 'mine', '--folder', file('pictures'));
  expect(ended.stderr).toMatch(
    /pictures: looked through, .*\n {2}1 cannot be decoded: .*"a\/7\.png \(is no image\)"\n--leave-out takes the other 19/,
  );
  expect(ended.code).toBe(2);
  expect(existsSync(path.join(place.home, 'store', 'own-images', 'mine'))).toBe(false);
});

it('refuses weights of another network, naming file and tensor', async () => {
  const weights = new Map([['conv1.weight', ndarray(new Float32Array(27), [1, 3, 3, 3])]]);
  await writeFile(file('other.safetensors'), encodeSafetensors(weights));
  await writeFile(file('images.npy'), encodeNpy(ndarray(new Uint8Array(27), [1, 3, 3, 3])));
  const network = ['--network', 'resnet18', '--weights', file('other.safetensors')];
  const ended = await simcne(
    place.home,
    ...['features', ...network, '--images', file('images.npy'), '--output', file('features.npy')],
  );
  expect(ended.stderr).toMatch(
    /other\.safetensors: no ResNet with torchvision's names .* among its 1 tensors, of which the first is conv1\.weight/,
  );
  expect(ended.code).toBe(2);
});

// What dist/ holds of packages as they have it: their licenses, and files that are used as they are.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { filesOf, root } from './sources.js';

/** Whoever passes packages on passes their licenses on. */
export function licensesOf(packages) {
  const texts = [...packages].sort().map(folder => {
    const names = readdirSync(path.join(root, folder)).filter(name => /^(licen[cs]e|notice)/i.test(name));
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json')));
    const texts = names.map(file => readFileSync(path.join(root, folder, file), 'utf8'));
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return [
    ['licenses.txt', `What is built in here, and its terms.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}`],
  ];
}

/**
 * What is used as its package has it: the sources of the addon to TensorFlow with the headers of Node's binary interface, which set-up
 * compiles, and Vega for browsers, all in one file.
 */
export function copiedFiles() {
  const addon = [
    ...filesOf('node_modules/@tensorflow/tfjs-node/binding'),
    ...filesOf('node_modules/node-api-headers/include', '.h'),
  ].map(file => [path.join('addon', path.basename(file)), file]);
  return [...addon, ['browser/vega.js', 'node_modules/vega/build/vega.min.js']].map(([name, file]) => [
    name,
    readFileSync(path.join(root, file)),
  ]);
}

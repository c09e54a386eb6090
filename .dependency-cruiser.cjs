// The import table of the README ("The tree"), as rules: who may import whom, and where each technology is at home.
const folders = [
  'experiments',
  'workflows',
  'activities',
  'datasets',
  'learning',
  'numeric',
  'artifacts',
  'reports',
  'infra',
  'machine',
  'test',
];

/** What each folder may import of ours; a folder may always import itself. */
const mayImport = {
  experiments: [],
  numeric: [],
  machine: [],
  datasets: ['numeric'],
  learning: ['numeric', 'machine'],
  artifacts: ['numeric'],
  reports: ['experiments', 'numeric'],
  activities: ['experiments', 'datasets', 'learning', 'numeric', 'artifacts', 'reports', 'machine'],
};

/** Packages that may be imported in the named folders only (and in tests). */
const atHome = {
  zod: ['experiments', 'artifacts', 'datasets', 'activities', 'infra'],
  '@temporalio/workflow': ['workflows'],
  '@temporalio/activity': ['activities'],
  '@temporalio/(worker|client|envconfig)': ['infra'],
  '@tensorflow/': ['learning'],
  sharp: ['datasets', 'reports'],
  '(fflate|yauzl|yazl|h5wasm|csv-parse)': ['datasets'],
  'tar-stream': ['artifacts', 'datasets'],
  '(bmp-ts|geotiff|dicom-parser|jpeg-lossless-decoder-js|@cornerstonejs/codec-openjpeg)': ['datasets'],
  '(arquero|vega|vega-lite|canvas|regl-scatterplot|hyparquet-writer)': ['reports'],
  '(esbuild|wabt)': ['infra'],
  '(commander|yaml|fastest-levenshtein)': ['infra'],
  '@aws-sdk/': ['artifacts'],
  'fs-native-extensions': ['artifacts'],
  pino: ['activities'],
};

const inFolder = names => `^(${names.join('|')})/`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `${folder}-imports`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: { path: inFolder(folders.filter(name => name !== folder && !allowed.includes(name))) },
    })),
    {
      name: 'workflows-import-types-only',
      comment:
        'Workflow code runs in a sandbox: of ours it may see types of experiments and activities, nothing at run time.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: inFolder(folders.filter(name => name !== 'workflows')), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-see-experiments-and-activities',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: inFolder(['datasets', 'learning', 'numeric', 'artifacts', 'reports', 'infra', 'test']) },
    },
    { name: 'nobody-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    ...Object.entries(atHome).map(([packages, homes]) => ({
      name: `home-of-${packages.replace(/[^a-z]/g, '-')}`,
      severity: 'error',
      from: { path: inFolder(folders.filter(name => name !== 'test' && !homes.includes(name))) },
      to: { path: `node_modules/${packages}${packages.endsWith('/') ? '' : '(/|$)'}` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

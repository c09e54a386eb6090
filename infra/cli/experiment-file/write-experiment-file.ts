// An experiment as a file in YAML, with comments that say what each setting is.
import { Document, isMap, isScalar, isSeq, type Pair, type Scalar, visit, type YAMLMap } from 'yaml';
import { isBuiltIn } from '../../../activities/definitions.ts';
import type { Experiment } from '../../../experiments/experiment.ts';
import { asFile } from '../../../experiments/experiment-file.ts';
import { fileSchema, type JsonSchema, schemaAt } from './schema.ts';

const schemaFile = 'simcne.schema.json';

/** The same experiment under a name of one's own, where its name is one of the code's. */
export function ownCopy(experiment: Experiment): Experiment {
  return isBuiltIn(experiment.name) ? { ...experiment, name: `my-${experiment.name}` } : experiment;
}

/** The text of an experiment's file. Training settings that stand in it twice are said once, and named after that. */
export function experimentFile(experiment: Experiment): string {
  const document = new Document(oncePerText(asFile(experiment)), { anchorPrefix: 'same' });
  document.commentBefore = [
    ` yaml-language-server: $schema=./${schemaFile}`,
    ` (simcne schema > ${schemaFile} writes what that line names: by it editors complete and check this file.)`,
    ' An experiment of simcne: simcne plan FILE says what it would do and what that costs, simcne run FILE does it.',
    ' Whatever is made stays made: after a change of this file only the cells that it concerns are made again.',
  ].join('\n');
  layOut(document);
  explain(document, fileSchema());
  return document.toString({ lineWidth: 130, flowCollectionPadding: false });
}

/** The value, with equal objects of some length as one object, which YAML writes once. */
function oncePerText(value: unknown, known = new Map<string, unknown>()): unknown {
  if (value === null || typeof value !== 'object') return value;
  const text = JSON.stringify(value);
  const before = known.get(text);
  if (before !== undefined) return before;
  const parts = Array.isArray(value)
    ? value.map(one => oncePerText(one, known))
    : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, oncePerText(one, known)]));
  if (text.length > 300) known.set(text, parts);
  return parts;
}

/** Lists and settings that hold nothing but words and numbers stand on one line. */
function layOut(document: Document): void {
  visit(document, {
    Collection(_, node) {
      const values = isMap(node) ? node.items.map(({ value }) => value) : node.items;
      node.flow = values.every(isScalar) && node !== document.contents;
    },
  });
}

/** Each setting is explained where it stands first, if it has a line of its own. */
function explain(document: Document, schema: JsonSchema): void {
  const explained = new Set<string>();
  visit(document, {
    Pair(_, pair, ancestors) {
      const path = pathTo(pair as Pair<Scalar>, ancestors);
      const { description } = schemaAt(schema, path) ?? {};
      const isInLine = (ancestors.at(-1) as YAMLMap).flow === true;
      if (!description || isInLine || explained.has(description)) return;
      explained.add(description);
      const { key, value } = pair as { key: Scalar; value: Scalar };
      const isBlock = (isMap(value) || isSeq(value)) && !(value as YAMLMap).flow;
      if (isBlock) key.commentBefore = ` ${description}`;
      else value.comment = ` ${description}`;
    },
  });
}

/** Where a setting stands; places of lists count as their first. */
function pathTo(pair: Pair<Scalar>, ancestors: readonly unknown[]): PropertyKey[] {
  const steps = ancestors.flatMap((one, depth): PropertyKey[] => {
    if (isSeq(one)) return [0];
    const isPair = depth > 0 && isMap(ancestors[depth - 1]);
    return isPair ? [String((one as Pair<Scalar>).key.value)] : [];
  });
  return [...steps, String(pair.key.value)];
}

// Where a store keeps experiments that people wrote as files: paths under its folder.

/** What a definition says, by its digest. */
export const definitionPlace = (digest: string): string => `definitions/${digest}.json`;

/** The digest that an experiment's name stands for. */
export const definitionNamePlace = (name: string): string => `definitions/names/${name}.json`;

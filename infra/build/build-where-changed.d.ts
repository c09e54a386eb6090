export function buildWhereChanged(): Promise<void>;

// Homes for the tests of a file.
import { afterAll } from 'vitest';
import { temporaryHome } from './command-line.ts';

/** Gives a test file homes, as many as it asks for; they are removed after its last test. */
export function homesOfTests(): () => Promise<string> {
  const homes: Awaited<ReturnType<typeof temporaryHome>>[] = [];
  afterAll(() => Promise.all(homes.map(place => place.remove())));
  return async () => {
    const place = await temporaryHome();
    homes.push(place);
    return place.home;
  };
}

// What every command of a checkout, set-up and the tests begin with. Plain JavaScript, and no packages where there is nothing to build.
import { isCurrent } from './sources.js';

/** Makes dist/ where it is not made of the sources as they are. Several processes may do so at the same time. */
export async function buildWhereChanged() {
  while (!isCurrent()) {
    const { build } = await import('./build.js');
    await build();
  }
}

// Started by a test: takes the only lease of each folder at its moment, and says of which it got it.
import { takeOnlyLease } from '../../infra/temporal-server/leases.ts';

process.setMaxListeners(0); // a lease listens for its process's end
const [first, ...folders] = process.argv.slice(3);
const got: boolean[] = [];
for (const [round, folder] of folders.entries()) {
  while (Date.now() < Number(first) + 20 * round); // both processes at once, to the microsecond
  got.push((await takeOnlyLease(folder)) !== undefined);
}
process.stdout.write(JSON.stringify(got));
await new Promise(resolve => process.stdin.once('end', resolve).resume()); // a lease ends with its process

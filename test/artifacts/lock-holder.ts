// Started by a test: holds a lock until it is ended.
import { withLock } from '../../artifacts/lock.ts';

await withLock(process.argv[3], undefined, async () => {
  process.stdout.write('held');
  await new Promise(resolve => process.stdin.once('end', resolve).resume());
});

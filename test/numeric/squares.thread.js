// Threads for thread-team.test.ts: squares are filled together, and then each thread adds them all up. Plain JavaScript, as the build
// makes none of a test's modules.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { Team } = await import('../../numeric/threads/thread-team.ts');
const { membership, squares, sums, failing, endless } = workerData;
const team = new Team(membership);
if (team.rank === failing) throw new Error('a thread failed');
do {
  squares.fill(0);
  team.meet();
  team.shareRanges(squares.length, 7, (from, to) => {
    for (let i = from; i < to; i++) squares[i] += i * i;
  });
  team.share(membership.size, rank => {
    sums[rank] = squares.reduce((sum, square) => sum + square, 0);
  });
} while (endless);

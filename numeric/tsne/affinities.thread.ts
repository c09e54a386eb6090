// A thread of affinities.ts.
import { workerData } from 'node:worker_threads';
import { type Membership, Team } from '../threads/thread-team.ts';
import { type ConditionalRows, fillConditional } from './conditional.ts';

const { membership, ...rows }: ConditionalRows & { membership: Membership } = workerData;
const n = rows.conditional.length / rows.k;
new Team(membership).shareRanges(n, 256, (from, to) => fillConditional(rows, from, to));

// A thread of silhouette.ts.
import { workerData } from 'node:worker_threads';
import { type Membership, Team } from '../threads/thread-team.ts';
import { addAllDistances, type DistanceTask } from './silhouette-distances.ts';

const { membership, ...task }: DistanceTask & { membership: Membership } = workerData;
addAllDistances(task, new Team(membership));

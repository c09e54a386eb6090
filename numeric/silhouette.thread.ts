// A thread of silhouette.ts.
import { workerData } from 'node:worker_threads';
import { addAllDistances, type DistanceTask } from './silhouette-distances.ts';
import { type Membership, Team } from './thread-team.ts';

const { membership, ...task }: DistanceTask & { membership: Membership } = workerData;
addAllDistances(task, new Team(membership));

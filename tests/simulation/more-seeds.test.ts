import { playedSeeds, range } from './played-seeds.ts';

playedSeeds(range(251, 375));

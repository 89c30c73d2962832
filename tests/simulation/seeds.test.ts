import { playedSeeds, range } from './played-seeds.ts';

// In two files, so that both cores play.
playedSeeds(range(126, 250));

import path from 'node:path';
import type { Chance } from '../day/random.ts';
import type { Recorded } from './recording.ts';

/** Sectors are written whole, or not, or with anything in them when the power goes at that moment. */
const SECTOR = 512;
const GARBLED = 0.02;

type Pending = Readonly<{ at: number; bytes: Buffer } | { size: number }>;
type Inode = { kept: Buffer; pending: Pending[] };
/** Names that come to stand for other files, all or none: a rename changes two. */
type Naming = readonly (readonly [name: string, inode: Inode | null])[];

/** A disk that keeps for certain only what it was told to sync. */
export type Disk = Readonly<{
  apply: (event: Recorded) => void;
  /** What may be found after the power went now: by chance, as a bad disk might. */
  afterPowerLoss: (chance: Chance) => ReadonlyMap<string, Buffer>;
}>;

export function createDisk(files: ReadonlyMap<string, Buffer>): Disk {
  const kept = new Map<string, Inode>();
  for (const [name, bytes] of files) kept.set(name, { kept: bytes, pending: [] });
  const now = new Map(kept);
  let namings: Naming[] = [];

  const name = (naming: Naming) => {
    put(now, naming);
    namings.push(naming);
  };
  const inodeOf = (file: string): Inode => {
    const found = now.get(file);
    if (!found) throw new Error(`${file} was written before it was made.`);
    return found;
  };

  return {
    apply(event) {
      switch (event.did) {
        case 'create':
          if (!now.has(event.file)) name([[event.file, { kept: Buffer.alloc(0), pending: [] }]]);
          return;
        case 'remove':
          return name([[event.file, null]]);
        case 'rename':
          return name([
            [event.to, inodeOf(event.from)],
            [event.from, null],
          ]);
        case 'write':
          return void inodeOf(event.file).pending.push({ at: event.at, bytes: event.bytes });
        case 'resize':
          return void inodeOf(event.file).pending.push({ size: event.size });
        case 'sync': {
          const inode = now.get(event.file);
          if (inode) {
            inode.kept = imageOf(inode, () => 'kept');
            inode.pending = [];
            return;
          }
          // A folder: the names in it.
          for (const naming of namings) if (isIn(event.file, naming)) put(kept, naming);
          namings = namings.filter((naming) => !isIn(event.file, naming));
          return;
        }
        default:
      }
    },
    afterPowerLoss(chance) {
      const found = new Map(kept);
      // The file system writes names down in their order.
      for (const naming of namings.slice(0, Math.floor(chance.next() * (namings.length + 1)))) put(found, naming);
      const fate = (): Fate => (chance.happens(0.5) ? 'kept' : chance.happens(GARBLED) ? 'garbled' : 'lost');
      return new Map([...found].map(([file, inode]) => [file, imageOf(inode, fate)]));
    },
  };
}

const isIn = (folder: string, naming: Naming) => naming.every(([name]) => path.dirname(name) === folder);

function put(names: Map<string, Inode>, naming: Naming): void {
  for (const [name, inode] of naming) {
    if (inode) names.set(name, inode);
    else names.delete(name);
  }
}

type Fate = 'kept' | 'lost' | 'garbled';

/** The file with each sector of what is pending as fate has it. */
function imageOf({ kept, pending }: Inode, fate: () => Fate): Buffer {
  let image: Buffer = Buffer.from(kept);
  for (const change of pending) {
    if ('size' in change) {
      if (fate() === 'kept') image = resized(image, change.size);
      continue;
    }
    for (let from = change.at; from < change.at + change.bytes.length; ) {
      const to = Math.min(change.at + change.bytes.length, (Math.floor(from / SECTOR) + 1) * SECTOR);
      const of = fate();
      if (of !== 'lost') {
        if (image.length < to) image = resized(image, to);
        if (of === 'kept') change.bytes.copy(image, from, from - change.at, to - change.at);
        else image.fill(0xa5, from, to);
      }
      from = to;
    }
  }
  return image;
}

const resized = (image: Buffer, size: number): Buffer =>
  size <= image.length ? Buffer.from(image.subarray(0, size)) : Buffer.concat([image], size);

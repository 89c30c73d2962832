import type Database from 'better-sqlite3';

/** The process ended here. */
export class Crashed extends Error {}

/**
 * One life of a program with its database. From its end on it can change nothing any more: whatever still runs meets an
 * error at its next statement, and its results reach nobody.
 */
export type Life = {
  alive: boolean;
  /** After how many more statements it ends by itself; null: it does not. */
  fuse: number | null;
  /** Whether the end comes when the statement was done, not before it. */
  late: boolean;
  /** The disk takes nothing more. */
  full: boolean;
  /** Told once, at its end. */
  ended: () => void;
  /** Told when the disk refused something. */
  refused: () => void;
  /** A planted bug between the program and its database. */
  planted?: ((sql: string, run: () => unknown) => unknown) | undefined;
};

export function newLife(told: Pick<Life, 'ended' | 'refused'> & Partial<Life>): Life {
  return { alive: true, fuse: null, late: false, full: false, ...told };
}

export function end(life: Life): void {
  if (!life.alive) return;
  life.alive = false;
  life.ended();
}

const GROWS = /^\s*(insert|update|replace)\b/i;

/** One statement, or what else a program does between two awaits: where it may end, and where the disk may be full. */
function step(life: Life, sql: string, run: () => unknown): unknown {
  if (!life.alive) throw new Crashed();
  const last = life.fuse !== null && --life.fuse <= 0;
  if (last && !life.late) {
    end(life);
    throw new Crashed();
  }
  if (life.full && GROWS.test(sql)) {
    life.refused();
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  }
  const answer = life.planted ? life.planted(sql, run) : run();
  if (last) end(life);
  return answer;
}

/** The database, so that each statement is a place where its program may end. */
export function watched(database: Database.Database, life: Life): Database.Database {
  const statementOf = (sql: string) => {
    const real = database.prepare(sql);
    const statement = {
      reader: real.reader,
      raw: (on = true) => {
        real.raw(on);
        return statement;
      },
      pluck: (on = true) => {
        real.pluck(on);
        return statement;
      },
      run: (...given: unknown[]) => step(life, sql, () => real.run(...given)),
      get: (...given: unknown[]) => step(life, sql, () => real.get(...given)),
      all: (...given: unknown[]) => step(life, sql, () => real.all(...given)),
    };
    return statement;
  };
  const made = {
    prepare: statementOf,
    exec: (sql: string) => step(life, sql, () => database.exec(sql)),
    pragma: (sql: string, options?: Database.PragmaOptions) => database.pragma(sql, options),
    transaction:
      (work: (...given: unknown[]) => unknown) =>
      (...given: unknown[]) => {
        const answer = database.transaction(() => {
          const inside = work(...given);
          // Everything was written, and nothing of it is there: the moment before the commit.
          step(life, 'COMMIT', () => undefined);
          return inside;
        })();
        step(life, 'COMMITTED', () => undefined);
        return answer;
      },
    close: () => database.close(),
  };
  return made as unknown as Database.Database;
}

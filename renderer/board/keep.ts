import type { BoardView } from '../live.ts';
import type { Shown } from './stage.ts';

/** The board's own memory, across its restart and the server's: tokens only, whatever the clinic lets the board show. */
export type Kept = Readonly<{
  view: BoardView;
  shown: Shown;
  /** The last call that was announced: those after it are still to be. */
  announced: number;
}>;

const key = (boardId: string) => `medlane.board.${boardId}`;
const bare = <C extends { name: string | null }>(call: C): C => ({ ...call, name: null });

export function keepBoard({ view, shown, announced }: Kept): void {
  const kept = {
    view: { ...view, calls: view.calls.map(bare) },
    shown: [...shown].map(([seq, { call, since }]) => [seq, { call: bare(call), since }]),
    announced,
  };
  localStorage.setItem(key(view.id), JSON.stringify(kept));
}

export function keptBoard(boardId: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key(boardId)) ?? 'null');
    return kept?.view ? { ...kept, shown: new Map(kept.shown) } : null;
  } catch {
    return null;
  }
}

import type { BoardView } from '../live.ts';

/** The board's own memory, across its restart and the server's: tokens only, whatever the clinic lets the board show. */
const key = (boardId: string) => `medlane.board.${boardId}`;

export function keepBoard(view: BoardView): void {
  const bare = { ...view, calls: view.calls.map((call) => ({ ...call, name: null })) };
  localStorage.setItem(key(view.id), JSON.stringify(bare));
}

export function keptBoard(boardId: string): BoardView | null {
  try {
    return JSON.parse(localStorage.getItem(key(boardId)) ?? 'null') as BoardView | null;
  } catch {
    return null;
  }
}

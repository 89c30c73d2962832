import { type BrowserWindow, dialog } from 'electron';
import type { CallOptions } from '../contract/client.ts';
import { api, type MedlaneApi } from '../contract/index.ts';
import type { Operation, Output } from '../contract/kit.ts';
import type { Kiosk } from './kiosk.ts';
import type { Ask } from './questions.ts';
import type { Texts } from './texts.ts';

type Options = Readonly<{
  ask: Ask;
  t: Texts['t'];
  kiosk: Kiosk;
  call: (name: string, operation: Operation, input: Record<string, unknown>, options: CallOptions) => Promise<unknown>;
  window: () => BrowserWindow | null;
}>;

/** What a question can hold; a clinic with more boards names the wanted one at the start (`--kiosk=ID`). */
const MOST = 8;

/** "Use as waiting-room board": which one, and whether also after the next start. Needs somebody who may see the boards. */
export function createBoardChoice({ ask, t, kiosk, call, window }: Options) {
  return async (): Promise<void> => {
    const found = await call('boards.list', api.boards.list, {}, {}).catch(() => null);
    if (!found) return void (await ask({ key: 'boardSignIn', type: 'info', buttons: ['ok'], window: window() }));
    const boards = (found as Output<MedlaneApi['boards']['list']>).items.slice(0, MOST);
    if (boards.length === 0)
      return void (await ask({ key: 'boardNone', type: 'info', buttons: ['ok'], window: window() }));

    const options = {
      type: 'question' as const,
      title: 'Medlane',
      message: t('desktop.board.message'),
      detail: t('desktop.board.detail'),
      buttons: [...boards.map(({ name }) => name), t('desktop.button.cancel')],
      cancelId: boards.length,
      noLink: true,
      checkboxLabel: t('desktop.board.atLogin'),
    };
    const parent = window();
    const { response, checkboxChecked } = await (parent
      ? dialog.showMessageBox(parent, options)
      : dialog.showMessageBox(options));
    const board = boards[response];
    if (!board) return;
    kiosk.keep(board.id, checkboxChecked);
    kiosk.begin(board.id);
  };
}

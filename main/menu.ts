import type { MenuItemConstructorOptions } from 'electron';
import type { Texts } from './texts.ts';

export type MenuActs = Readonly<{
  close: () => void;
  quit: () => void;
  board: () => void;
  reload: () => void;
  zoom: (step: 1 | -1 | 0) => void;
  fullScreen: () => void;
  documentation: () => void;
  diagnostics: () => void;
  about: () => void;
}>;

type Options = Readonly<{ t: Texts['t']; mac: boolean; kiosk: boolean; guides: boolean; act: MenuActs }>;
type Item = MenuItemConstructorOptions;

/**
 * The program's own menu. Its keys are not the screens' (a test compares them), and none of them loses what somebody has
 * typed: no Ctrl-R, no Ctrl-W.
 */
export function menuTemplate({ t, mac, kiosk, guides, act }: Options): Item[] {
  const item = (id: string, click: () => void, accelerator?: string): Item => ({
    id,
    label: t(`desktop.menu.${id}`),
    click,
    ...(accelerator ? { accelerator } : {}),
  });
  const role = (name: NonNullable<Item['role']>): Item => ({ role: name, label: t(`desktop.menu.${name}`) });
  const menu = (id: string, submenu: Item[]): Item => ({ id, label: t(`desktop.menu.${id}`), submenu });
  const line: Item = { type: 'separator' };

  // A board on the wall is left by one key, and has no others: it asks before it goes.
  if (kiosk) return [menu('file', [item('quit', act.quit, 'CmdOrCtrl+Q')])];

  const quit = item('quit', act.quit, mac ? 'Cmd+Q' : undefined);
  const about = item('about', act.about);
  return [
    ...(mac
      ? [{ label: 'Medlane', submenu: [about, line, role('hide'), role('hideOthers'), role('unhide'), line, quit] }]
      : []),
    menu('file', [
      item('board', act.board),
      line,
      item('close', act.close, mac ? 'Cmd+W' : undefined),
      ...(mac ? [] : [line, quit]),
    ]),
    menu('edit', [role('undo'), role('redo'), line, role('cut'), role('copy'), role('paste'), line, role('selectAll')]),
    menu('view', [
      item('zoomIn', () => act.zoom(1), 'CmdOrCtrl+Plus'),
      // The same key on keyboards where plus needs Shift.
      { ...item('zoomIn', () => act.zoom(1), 'CmdOrCtrl+='), id: 'zoomInToo', visible: false },
      item('zoomOut', () => act.zoom(-1), 'CmdOrCtrl+-'),
      item('zoomReset', () => act.zoom(0), 'CmdOrCtrl+0'),
      line,
      item('fullScreen', act.fullScreen, mac ? 'Ctrl+Cmd+F' : 'F11'),
      line,
      item('reload', act.reload, 'CmdOrCtrl+Shift+R'),
    ]),
    menu('help', [
      ...(guides ? [item('documentation', act.documentation)] : []),
      item('diagnostics', act.diagnostics),
      ...(mac ? [] : [line, about]),
    ]),
  ];
}

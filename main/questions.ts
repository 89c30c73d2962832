import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron';
import type { Texts } from './texts.ts';

type Facts = Readonly<Record<string, string | number>>;
type Question = Readonly<{
  /** The texts are `desktop.KEY.message`, `.detail`, and one per button. */
  key: string;
  buttons: readonly string[];
  facts?: Facts;
  /** In place of the text's own. */
  detail?: string;
  type?: NonNullable<MessageBoxOptions['type']>;
  window?: BrowserWindow | null;
  signal?: AbortSignal;
}>;

/** What is asked or said outside of the pages, in the desk's language. The last button is the one that changes nothing. */
export function createQuestions({ t }: Texts) {
  /** Gives back the button's name. A question that is closed without an answer is the last one. */
  async function ask({
    key,
    buttons,
    facts = {},
    detail,
    type = 'question',
    window,
    signal,
  }: Question): Promise<string> {
    const last = buttons.length - 1;
    const options: MessageBoxOptions = {
      type,
      title: 'Medlane',
      message: t(`desktop.${key}.message`, facts),
      detail: detail ?? t(`desktop.${key}.detail`, facts),
      buttons: buttons.map((button) => t(`desktop.button.${button}`)),
      defaultId: type === 'question' ? last : 0,
      cancelId: last,
      noLink: true,
      ...(signal ? { signal } : {}),
    };
    const { response } = await (window && !window.isDestroyed()
      ? dialog.showMessageBox(window, options)
      : dialog.showMessageBox(options));
    return buttons[response] ?? (buttons[last] as string);
  }
  return ask;
}
export type Ask = ReturnType<typeof createQuestions>;

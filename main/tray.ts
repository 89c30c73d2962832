import { Menu, nativeImage, Tray } from 'electron';
import type { Texts } from './texts.ts';
import icon from './tray-icon.json' with { type: 'json' };

type Options = Readonly<{ texts: Texts; show: () => void; quit: () => void }>;

export type DeskTray = Readonly<{
  /** Says it all anew: in another language, or because the server came or went. */
  tell: (open: boolean) => void;
}>;

/** The sign that the clinic goes on while no window is open, and the way to end it. */
export function createTray({ texts: { t }, show, quit }: Options): DeskTray {
  const tray = new Tray(nativeImage.createFromDataURL(icon.png));
  tray.on('click', show);
  return {
    tell(open) {
      tray.setToolTip(t(open ? 'desktop.tray.open' : 'desktop.tray.starting'));
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: t('desktop.tray.show'), click: show },
          { type: 'separator' },
          { label: t('desktop.tray.quit'), click: quit },
        ]),
      );
    },
  };
}

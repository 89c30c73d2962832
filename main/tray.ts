import { Menu, nativeImage, Tray } from 'electron';
import type { Texts } from './texts.ts';

/** `renderer/icon.svg` at 32 pixels: a tray takes no SVG, and the bundle no file beside it. */
const ICON =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAC5klEQVR4nMyXXUhUQRTH/3N3i8gsqdBE8iGQbKEMIUqrNyvsJUgsoijDB4uCyn2wl6AegjSVMnyJQh8iDCEowhJDAhFahVQQ0yjywdw2/IgSK9070zlXvenuet3rx7UfXObMzJlzzp05d+aOGyEkFJbt0aQ6CyG2QSkPlRuwEJQaJBtdUqELGqoD5d6307uFKeVdX7UpLvYGSV4h4MISoBR0Kkq/jq65hvsF42YA8YVlaS6pnlCkW+EMHbrAmW/l3g6Na5rECQedM2mGT0LQ22dqSjUJCA0OoqCkFCJdExKnnXbOsE/yfV4TUDuxTFCyp7oplFQsF4oCoKlYZ6WT5dkCF81TfecnRItGr3b18D78CQZR2diK3+PBiHqkluC2MnQqYwdKcrMM+em7blx8VIdoqDiZjaPpExM7ruuoeN0yq65l8m1PijdlNliUvRdzwTpTzpmkuLWW+pYBUJ7OqF86sBu5uzyz6nMf68ywITD/ACJRfvwQ9qckh7VzG/fZxXYAnJBV+UeQmrjRbGOZ21yasGtujgDo9Jii5XM/fo1NZPPqlStQcy6H1jfWeFjmNoZ1Wnv7I5mwH8D0wT3+AeRXP4ecbIyPjcHjghzjYZnhPtbp7h9AtFgnYciMvunuxZWaerOekrDeeKbgPtaZnrwLS0IRbqi2tYu+a1+Y6t0Gn9Fnl3kdQrfqmvGsrcess1z8shnzwXInVPJfEoQm0wXaFfuGfxhJV9nYEvU4WwFYrSUn3M0XTbbHheL4f8B/F4DlEnwMDJnyh8AgosXOODctZYDP5UidNb5O40wP6nJG1s9FtOMM34mXS19Rptg/RRYDpeo1BdGOZYJ9a7rUH5I4Boeh6R/RhXjgGvU1DMVkHAzSv2EWHIS2h6LAHW+d8RkG+pJvU9EGp1Cq3f9l8z0WJ/aB2mO6f/hnJk1L8eQFcon8QqenxP99JIN9clvYRsnXc0jk0W7qWczrOZXvpSaqQq/nfwEAAP//S9tTsQAAAAZJREFUAwDg3SKnCkz8XgAAAABJRU5ErkJggg==';

type Options = Readonly<{ texts: Texts; show: () => void; quit: () => void }>;

export type DeskTray = Readonly<{
  /** Says it all anew: in another language, or because the server came or went. */
  tell: (open: boolean) => void;
}>;

/** The sign that the clinic goes on while no window is open, and the way to end it. */
export function createTray({ texts: { t }, show, quit }: Options): DeskTray {
  const tray = new Tray(nativeImage.createFromDataURL(ICON));
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

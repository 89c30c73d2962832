/** The part of a window that only keeps what it is told: the stand-in has no screen to show it on. */
import { EventEmitter } from 'node:events';
import { addSilentMethods } from './stubs.ts';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Pairs of `setX` and `isX`, with the value a new window has. */
const FLAGS: Readonly<Record<string, boolean>> = {
  AlwaysOnTop: false,
  AutoHideMenuBar: false,
  Closable: true,
  ContentProtected: false,
  DocumentEdited: false,
  Enabled: true,
  Focusable: true,
  FullScreenable: true,
  HiddenInMissionControl: false,
  Maximizable: true,
  MenuBarVisible: true,
  Minimizable: true,
  Movable: true,
  Resizable: true,
  VisibleOnAllWorkspaces: false,
};

export class WindowState extends EventEmitter {
  readonly flags = new Map(Object.entries(FLAGS));
  bounds: Rectangle = { x: 0, y: 0, width: 800, height: 600 };
  minimumSize = [0, 0];
  maximumSize = [0, 0];
  title = '';
  shown = false;
  minimized = false;
  maximized = false;
  fullScreen = false;
  kiosk = false;

  getBounds(): Rectangle {
    return { ...this.bounds };
  }

  getContentBounds(): Rectangle {
    return { ...this.bounds };
  }

  getNormalBounds(): Rectangle {
    return { ...this.bounds };
  }

  getSize(): number[] {
    return [this.bounds.width, this.bounds.height];
  }

  getContentSize(): number[] {
    return this.getSize();
  }

  getPosition(): number[] {
    return [this.bounds.x, this.bounds.y];
  }

  setMinimumSize(width: number, height: number): void {
    this.minimumSize = [width, height];
  }

  getMinimumSize(): number[] {
    return this.minimumSize;
  }

  setMaximumSize(width: number, height: number): void {
    this.maximumSize = [width, height];
  }

  getMaximumSize(): number[] {
    return this.maximumSize;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  getTitle(): string {
    return this.title;
  }

  minimize(): void {
    this.minimized = true;
    this.emit('minimize');
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  maximize(): void {
    this.maximized = true;
    this.shown = true;
    this.emit('maximize');
  }

  unmaximize(): void {
    this.maximized = false;
    this.emit('unmaximize');
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  restore(): void {
    this.minimized = false;
    this.emit('restore');
  }

  isNormal(): boolean {
    return !this.minimized && !this.maximized && !this.fullScreen;
  }

  setFullScreen(on: boolean): void {
    if (on === this.fullScreen) return;
    this.fullScreen = on;
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.fullScreen;
  }

  setKiosk(on: boolean): void {
    this.kiosk = on;
    this.setFullScreen(on);
  }

  isKiosk(): boolean {
    return this.kiosk;
  }

  isVisible(): boolean {
    return this.shown;
  }

  setMenuBarVisibility(visible: boolean): void {
    this.flags.set('MenuBarVisible', visible);
  }

  setContentProtection(on: boolean): void {
    this.flags.set('ContentProtected', on);
  }
}

for (const name of Object.keys(FLAGS)) {
  const define = (method: string, value: unknown) =>
    Object.defineProperty(WindowState.prototype, method, { writable: true, configurable: true, value });
  define(`set${name}`, function (this: WindowState, on: boolean) {
    this.flags.set(name, on);
  });
  define(`is${name}`, function (this: WindowState) {
    return this.flags.get(name);
  });
}

addSilentMethods(WindowState.prototype, [
  'flashFrame',
  'invalidateShadow',
  'moveAbove',
  'moveTop',
  'removeMenu',
  'setAppDetails',
  'setAspectRatio',
  'setBackgroundColor',
  'setHasShadow',
  'setIcon',
  'setIgnoreMouseEvents',
  'setMenu',
  'setOpacity',
  'setOverlayIcon',
  'setProgressBar',
  'setShape',
  'setSkipTaskbar',
  'setThumbarButtons',
  'setTitleBarOverlay',
]);

/** The part of `webContents` that only keeps what it is told. */
import { EventEmitter } from 'node:events';
import { addSilentMethods } from './stubs.ts';

export class ContentsBase extends EventEmitter {
  audioMuted = false;
  backgroundThrottling = true;
  zoomFactor = 1;
  zoomLevel = 0;
  readonly hostWebContents = null;
  readonly opener = null;
  readonly devToolsWebContents = null;

  setZoomFactor(factor: number): void {
    this.zoomFactor = factor;
  }

  getZoomFactor(): number {
    return this.zoomFactor;
  }

  setZoomLevel(level: number): void {
    this.zoomLevel = level;
  }

  getZoomLevel(): number {
    return this.zoomLevel;
  }

  setAudioMuted(muted: boolean): void {
    this.audioMuted = muted;
  }

  isAudioMuted(): boolean {
    return this.audioMuted;
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  isWaitingForResponse(): boolean {
    return false;
  }

  getType(): string {
    return 'window';
  }

  getOSProcessId(): number {
    return 0;
  }

  async getPrintersAsync(): Promise<object[]> {
    return [];
  }
}

addSilentMethods(ContentsBase.prototype, [
  'closeDevTools',
  'copy',
  'cut',
  'delete',
  'inspectElement',
  'invalidate',
  'openDevTools',
  'paste',
  'redo',
  'selectAll',
  'setBackgroundThrottling',
  'setIgnoreMenuShortcuts',
  'setVisualZoomLevelLimits',
  'setWebRTCIPHandlingPolicy',
  'toggleDevTools',
  'undo',
]);

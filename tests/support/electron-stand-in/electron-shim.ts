/** The module `electron`, as the app's main process sees it. */
import { app } from './shim/app.ts';
import { BrowserWindow } from './shim/browser-window.ts';
import {
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  Notification,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shell,
  systemPreferences,
} from './shim/desktop.ts';
import { ipcMain } from './shim/ipc-main.ts';
import { Menu, MenuItem, Tray } from './shim/menu.ts';
import { nativeImage } from './shim/native-image.ts';
import { net } from './shim/net.ts';
import { protocol } from './shim/schemes.ts';
import { session } from './shim/session.ts';
import { notImplemented } from './shim/stubs.ts';
import { webContents } from './shim/web-contents.ts';

export const autoUpdater = notImplemented('autoUpdater');
export const BaseWindow = notImplemented('BaseWindow');
export const BrowserView = notImplemented('BrowserView');
export const contentTracing = notImplemented('contentTracing');
export const desktopCapturer = notImplemented('desktopCapturer');
export const MessageChannelMain = notImplemented('MessageChannelMain');
export const netLog = notImplemented('netLog');
export const safeStorage = notImplemented('safeStorage');
export const utilityProcess = notImplemented('utilityProcess');
export const View = notImplemented('View');
export const webFrameMain = notImplemented('webFrameMain');
export const WebContentsView = notImplemented('WebContentsView');

// A mutable object: tests replace members of it through app.evaluate.
const electron = {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  utilityProcess,
  View,
  webContents,
  webFrameMain,
  WebContentsView,
};

export {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  Notification,
  nativeImage,
  nativeTheme,
  net,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  webContents,
};

export default electron;
// So that `require('electron')` returns the object itself, and not a module around it.
export { electron as 'module.exports' };

/** What crosses between the host and a page's isolated world, and the settings a page starts with. */

export type FromPage =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: string }
  | { readonly kind: 'open'; readonly request: OpenRequest }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'preload-error'; readonly name: string; readonly message: string; readonly stack: string };

export type ToPage =
  | { readonly kind: 'reply'; readonly id: number; readonly value: string }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string }
  | { readonly kind: 'message'; readonly channel: string; readonly args: string };

/** A page that wants a second window: `window.open`, or a link that opens one. */
export interface OpenRequest {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
  readonly disposition: 'foreground-tab' | 'background-tab' | 'new-window';
}

/** Known to both worlds of a page. */
export interface MainConfig {
  /** Secret name of the events between the two worlds. */
  readonly channel: string;
  /** The app's own schemes, such as `app`. */
  readonly schemes: readonly string[];
}

export interface IsolatedConfig extends MainConfig {
  /** Name of the function that reaches the host; Chromium shows it in the isolated world only. */
  readonly binding: string;
  readonly preloadPath: string;
  readonly process: {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly platform: string;
    readonly arch: string;
    readonly versions: Readonly<Record<string, string | undefined>>;
  };
}

/** Name of the function in the isolated world that takes the host's messages. */
export const DELIVER = '__electronStandInDeliver';

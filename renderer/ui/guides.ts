/** The guides, beside the screens wherever these came from; the desktop opens them in a window of their own. */
export const GUIDES = 'docs/index.html';

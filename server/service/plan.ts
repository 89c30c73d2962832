/** A server that this computer's system starts by itself, before anybody has signed in to the computer. */
export type Service = Readonly<{
  /** The shipped Node, and the server's file for it. */
  node: string;
  script: string;
  folder: string;
  /** The system's account that it runs as; null for the system's own for services. */
  account: string | null;
  port: number;
  /** `serve`'s other options, as they stand on the command line. */
  doors: readonly string[];
}>;

export type Command = readonly [program: string, ...args: string[]];

/** What is written and run to install it, as text, so that anybody can read it first (`--print`) and tests can, too. */
export type Plan = Readonly<{
  files: readonly Readonly<{ path: string; text: string; encoding?: 'utf16le' }>[];
  install: readonly Command[];
  uninstall: readonly Command[];
  status: Command;
}>;

export const argumentsOf = ({ script, folder, port, doors }: Service): string[] => [
  script,
  '--data',
  folder,
  'serve',
  '--port',
  String(port),
  ...doors,
];

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const xml = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);

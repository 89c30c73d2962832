/** Letters and layout are loaded when the first paper is asked for: most of the server's life nobody prints. */
export function createPrinter(resources: URL) {
  let paper: ReturnType<typeof open> | undefined;
  const open = async () => (await import('../../paper/paper.ts')).createPaper(resources);
  return () => {
    paper ??= open();
    return paper;
  };
}
export type Printer = ReturnType<typeof createPrinter>;

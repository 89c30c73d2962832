export const tasks: Record<string, (args: string[]) => Promise<void>> = {
  build: async () => (await import('./build.ts')).ensureBuilt(),
};

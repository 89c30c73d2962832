import { useQueryClient } from '@tanstack/react-query';

/** Leaves the first run: the server is asked again what it is, and the gate opens. */
export function useEntrance(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: ['setup'] });
}

import { Group, Loader, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A spinner, and in words what is waited for. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <Group gap="xs" wrap="nowrap" role="status">
      <Loader size="xs" aria-hidden />
      <Text>{children}</Text>
    </Group>
  );
}

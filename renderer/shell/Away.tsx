import { Stack, Text, Title } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** The whole screen says what is wrong; below it is what a person can do here. */
export function Away({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div className="center-page">
      <main>
        <Stack align="center" gap="lg">
          <Stack align="center" ta="center" gap="sm" role="status">
            <IconPlugConnectedX size={40} aria-hidden />
            <Title order={1}>{title}</Title>
            <Text maw="34rem">{hint}</Text>
          </Stack>
          {children}
        </Stack>
      </main>
    </div>
  );
}

import { Stack, Text, Title } from '@mantine/core';
import { type Icon, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';

type Props = Readonly<{ title: string; hint: string; icon?: Icon; children?: ReactNode }>;

/** The whole screen says what is wrong; below it is what a person can do here. */
export function Away({ title, hint, icon: Sign = IconPlugConnectedX, children }: Props) {
  return (
    <div className="center-page">
      <main>
        <Stack align="center" gap="lg">
          <Stack align="center" ta="center" gap="sm" role="status">
            <Sign size={40} aria-hidden />
            <Title order={1}>{title}</Title>
            <Text maw="34rem">{hint}</Text>
          </Stack>
          {children}
        </Stack>
      </main>
    </div>
  );
}

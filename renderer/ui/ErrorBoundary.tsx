import { Button, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What stands where a screen broke: the rest goes on, and a person can try again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken again={() => this.setState({ broken: false })} /> : this.props.children;
  }
}

export function Broken({ again }: { again: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack p="xl" align="flex-start" role="alert">
      <Title order={1}>{t('broken.title')}</Title>
      <Text>{t('broken.text')}</Text>
      <Button onClick={again}>{t('broken.again')}</Button>
    </Stack>
  );
}

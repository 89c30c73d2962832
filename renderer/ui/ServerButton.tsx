import { Button, type ButtonProps, Menu, type MenuItemProps, Text, Tooltip } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNeedsServer } from '../own-desk.ts';

type Own = Readonly<{ onClick?: () => void; type?: 'submit'; children: ReactNode; 'aria-label'?: string }>;
/** Why it cannot be pressed now; null when it can. */
type Hindered = Readonly<{ hindered: string | null }>;

const EVENTS = { hover: true, focus: true, touch: true };
const nothing = (event: MouseEvent) => event.preventDefault();

/**
 * A button that cannot always be pressed. It keeps its place among the keys, and says why it does nothing: to whoever points
 * at it, and to whoever comes to it by keyboard or hears it.
 */
export function HinderedButton({ hindered, onClick, ...props }: ButtonProps & Own & Hindered) {
  if (hindered === null) return <Button {...props} {...(onClick ? { onClick } : {})} />;
  return (
    <Tooltip label={hindered} events={EVENTS} multiline maw="20rem">
      <Button {...props} data-disabled aria-disabled aria-description={hindered} onClick={nothing} />
    </Tooltip>
  );
}

/** A button whose command only the server can do. */
export function ServerButton(props: ButtonProps & Own) {
  const { t } = useTranslation();
  return <HinderedButton {...props} hindered={useNeedsServer() ? t('link.needsServer') : null} />;
}

/** The same in a menu, where the reason stands below the words. */
export function ServerItem({ onClick, children, ...props }: MenuItemProps & Own) {
  const { t } = useTranslation();
  if (!useNeedsServer())
    return (
      <Menu.Item {...props} {...(onClick ? { onClick } : {})}>
        {children}
      </Menu.Item>
    );
  return (
    <Menu.Item {...props} aria-disabled data-unusable closeMenuOnClick={false} maw="16rem">
      {children}
      <Text size="xs">{t('link.needsServer')}</Text>
    </Menu.Item>
  );
}

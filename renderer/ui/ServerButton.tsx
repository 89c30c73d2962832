import { Button, type ButtonProps, Menu, type MenuItemProps, Text, Tooltip } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNeedsServer } from '../own-desk.ts';

type Own = Readonly<{
  onClick?: () => void;
  type?: 'submit';
  children: ReactNode;
  'aria-label'?: string;
  /** Why it cannot be pressed now; what only the server can do says so by itself. */
  hindered?: string | null;
}>;

const nothing = (event: MouseEvent) => event.preventDefault();

/** Why a control cannot be used now: what was given, else that the server is away. */
function useHindrance(given: string | null | undefined): string | null {
  const { t } = useTranslation();
  const needed = useNeedsServer();
  return given === undefined ? (needed ? t('link.needsServer') : null) : given;
}

/**
 * A button that cannot always be pressed. It keeps its place among the keys, and says why it does nothing: to whoever points
 * at it, and to whoever comes to it by keyboard or hears it.
 */
export function ServerButton({ hindered, onClick, ...props }: ButtonProps & Own) {
  const reason = useHindrance(hindered);
  return (
    <Tooltip label={reason} disabled={reason === null} events={EVENTS} multiline maw="20rem">
      <Button
        {...props}
        {...(reason === null
          ? { ...(onClick ? { onClick } : {}) }
          : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': reason, onClick: nothing })}
      />
    </Tooltip>
  );
}
const EVENTS = { hover: true, focus: true, touch: true };

/** The same in a menu, where the reason stands below the words. */
export function ServerItem({ hindered, onClick, children, ...props }: MenuItemProps & Own) {
  const reason = useHindrance(hindered);
  if (reason === null)
    return (
      <Menu.Item {...props} {...(onClick ? { onClick } : {})}>
        {children}
      </Menu.Item>
    );
  return (
    <Menu.Item {...props} aria-disabled data-unusable closeMenuOnClick={false} maw="16rem">
      {children}
      <Text size="xs">{reason}</Text>
    </Menu.Item>
  );
}

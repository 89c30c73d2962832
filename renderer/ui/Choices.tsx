import { Text, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Keys } from './shortcuts.tsx';

export type Choice<V extends string> = Readonly<{
  value: V;
  label: ReactNode;
  detail?: ReactNode;
  keys?: string;
  disabled?: boolean;
}>;
type Props<V extends string> = Readonly<{
  label: string;
  choices: readonly Choice<V>[];
  value: V | null;
  change: (value: V) => void;
  error?: ReactNode;
  small?: boolean;
}>;

/** A few choices, all in sight, each with its key: a radio group made of buttons that are large enough to hit. */
export function Choices<V extends string>({ label, choices, value, change, error, small }: Props<V>) {
  const group = useRef<HTMLDivElement>(null);
  const open = choices.filter(({ disabled }) => !disabled);
  const entry = open.some((choice) => choice.value === value) ? value : open[0]?.value;

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || open.length === 0) return;
    event.preventDefault();
    const at = open.findIndex((choice) => choice.value === (value ?? entry));
    const next = open[(at + step + open.length) % open.length];
    if (!next) return;
    change(next.value);
    group.current?.querySelector<HTMLElement>(`[data-value="${CSS.escape(next.value)}"]`)?.focus();
  }

  return (
    <div>
      <Text fw={550} size="sm" mb={4} aria-hidden>
        {label}
      </Text>
      <div
        role="radiogroup"
        aria-label={label}
        className={small ? 'choices-small' : 'choices'}
        ref={group}
        onKeyDown={onKeyDown}
      >
        {choices.map((choice) => (
          <UnstyledButton
            key={choice.value}
            role="radio"
            className="choice"
            data-value={choice.value}
            aria-checked={choice.value === value}
            disabled={choice.disabled ?? false}
            tabIndex={choice.value === entry ? 0 : -1}
            onClick={() => change(choice.value)}
          >
            {choice.keys && <Keys of={choice.keys} />}
            <span>
              {choice.label}
              {choice.detail && (
                <>
                  <br />
                  <small>{choice.detail}</small>
                </>
              )}
            </span>
          </UnstyledButton>
        ))}
      </div>
      {error && (
        <Text c="var(--mantine-color-error)" size="sm" mt={4} role="alert">
          {error}
        </Text>
      )}
    </div>
  );
}

import { Button, Group, Modal, Radio, Stack, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsualReason } from '../../domain/reasons.ts';

type DialogProps = Readonly<{ title: string; close: () => void; children: ReactNode; size?: string }>;

/** What had the focus; for a menu, the button that opened it, since the menu itself will be gone. */
function focused(): HTMLElement | null {
  const menu = document.activeElement?.closest('[role="menu"]');
  const element = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : document.activeElement;
  return element instanceof HTMLElement ? element : null;
}

/** The one dialog: titled, closed by Escape, the focus kept inside and given back. Mount it to open it. */
export function Dialog({ title, close, children, size = 'md' }: DialogProps) {
  const { t } = useTranslation();
  const [before] = useState(focused);
  // Mantine gives it back only when a dialog is closed before it is taken away.
  useEffect(
    () => () => {
      if (document.activeElement === document.body) before?.focus();
    },
    [before],
  );
  return (
    <Modal.Root opened onClose={close} size={size}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its <header> would be a second banner of the page. */}
        <div className="dialog-head">
          <Modal.Title component="h2">{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('common.close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A form in a dialog, with its two buttons. */
export function FormDialog({
  submit,
  busy,
  action,
  danger,
  ...dialog
}: DialogProps & { submit: () => void; busy: boolean; action: string; danger?: boolean }) {
  const { t } = useTranslation();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <Dialog {...dialog}>
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          {dialog.children}
          <Group justify="flex-end" className="form-actions">
            <Button variant="default" onClick={dialog.close}>
              {t('common.back')}
            </Button>
            <Button type="submit" loading={busy} {...(danger ? { color: 'red' } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type ReasonProps = Readonly<{
  title: string;
  action: string;
  /** Reasons that come often, one press each; and the one that is chosen beforehand, unless it is the first. */
  usual?: readonly UsualReason[];
  likely?: UsualReason;
  text?: ReactNode;
  danger?: boolean;
  busy: boolean;
  close: () => void;
  /** Gets the code of a usual reason, or what was typed. */
  done: (reason: string) => void;
}>;

/** Asks why. Nothing happens without a reason. */
export function ReasonDialog(props: ReasonProps) {
  const { title, action, usual = [], likely = usual[0], text, danger = false, busy, close, done } = props;
  const { t } = useTranslation();
  const [choice, setChoice] = useState<string>(likely ?? '');
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const reason = typed.trim() || choice;
  return (
    <FormDialog
      title={title}
      close={close}
      action={action}
      danger={danger}
      busy={busy}
      submit={() => (reason ? done(reason) : setMissing(true))}
    >
      {text}
      {usual.length > 0 && (
        <Radio.Group
          label={t('reason.label')}
          value={typed.trim() ? '' : choice}
          onChange={(value) => {
            setChoice(value);
            setTyped('');
          }}
        >
          <Stack gap="xs" mt="xs">
            {usual.map((one) => (
              <Radio key={one} value={one} label={t(`reason.${one}`)} data-autofocus={one === likely || undefined} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Textarea
        label={usual.length > 0 ? t('reason.other') : t('reason.label')}
        value={typed}
        maxLength={300}
        autosize
        minRows={2}
        error={missing && !reason ? t('reason.needed') : undefined}
        data-autofocus={usual.length === 0 || undefined}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { VerificationState } from '../../domain/verification.ts';

/** The shape and the colour of each state; the word says the same. */
const LOOK = {
  not_started: { shape: IconPencil, colour: undefined },
  in_progress: { shape: IconPencil, colour: 'waiting' },
  submitted: { shape: IconClock, colour: 'called' },
  under_review: { shape: IconClock, colour: 'in_room' },
  approved: { shape: IconCheck, colour: 'done' },
  rejected: { shape: IconBan, colour: 'no_show' },
  resubmit: { shape: IconAlertTriangle, colour: 'no_show' },
} as const satisfies Record<VerificationState, object>;

/** How somebody's identity documents stand. */
export function StateBadge({ state }: { state: VerificationState }) {
  const { t } = useTranslation();
  const { shape: Shape, colour } = LOOK[state];
  return (
    <span className="badge" data-state={colour}>
      <Shape size={14} aria-hidden />
      {t(`identity.state.${state}`)}
    </span>
  );
}

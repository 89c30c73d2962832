import {
  IconAlertOctagon,
  IconArrowRight,
  IconBan,
  IconBell,
  IconCalendarEvent,
  IconCheck,
  IconClock,
  IconDoor,
  IconPlayerPause,
  IconStar,
  IconUserX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Priority, StepState } from '../../domain/visit.ts';

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;

const STATE_ICONS: Record<StepState, Icon> = {
  waiting: IconClock,
  called: IconBell,
  in_room: IconDoor,
  parked: IconPlayerPause,
  done: IconCheck,
  no_show: IconUserX,
  transferred: IconArrowRight,
  cancelled: IconBan,
};

/** A visit's state: a word, a shape and a colour, so that none of them is needed alone. */
export function StateBadge({ state }: { state: StepState }) {
  const { t } = useTranslation();
  const Shape = STATE_ICONS[state];
  return (
    <span className="badge" data-state={state}>
      <Shape size={14} aria-hidden />
      {t(`state.${state}`)}
    </span>
  );
}

const PRIORITY_ICONS: Record<Exclude<Priority, 'normal'>, Icon> = {
  emergency: IconAlertOctagon,
  priority: IconStar,
  appointment: IconCalendarEvent,
};

/** Shown only when it is not the ordinary case: a list of "normal" says nothing. */
export function PriorityBadge({ priority }: { priority: Priority }) {
  const { t } = useTranslation();
  if (priority === 'normal') return null;
  const Shape = PRIORITY_ICONS[priority];
  return (
    <span className="badge" data-priority={priority}>
      <Shape size={14} aria-hidden />
      {t(`priority.${priority}`)}
    </span>
  );
}

export function QueueStateBadge({ state }: { state: 'open' | 'paused' | 'closed' }) {
  const { t } = useTranslation();
  const Shape = state === 'open' ? IconCheck : state === 'paused' ? IconPlayerPause : IconBan;
  return (
    <span className="badge" data-queue={state}>
      <Shape size={14} aria-hidden />
      {t(`queueState.${state}`)}
    </span>
  );
}

/** A token, as it is printed: the same in every language and direction. */
export function Token({ of }: { of: string }) {
  return (
    <bdi className="token" dir="ltr">
      {of}
    </bdi>
  );
}

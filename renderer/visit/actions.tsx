import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOptions } from '../../contract/client.ts';
import { UNDO_WINDOW } from '../../domain/decide.ts';
import type { Role } from '../../domain/people.ts';
import { USUAL_REASONS } from '../../domain/reasons.ts';
import { isOpen, type StepState, TRANSITIONS } from '../../domain/visit.ts';
import type { Medlane } from '../api.ts';
import { after, clock } from '../clock.ts';
import { useCommand } from '../commands.ts';
import { useNeedsServer } from '../own-desk.ts';
import { hasRole } from '../places.ts';
import { openVisits, type Visit, type VisitRow } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { useStable } from '../stable.ts';
import { ReasonDialog } from '../ui/Dialog.tsx';
import { TransferDialog, type TransferTo } from './TransferDialog.tsx';

/** The commands on a visit that carry nothing but the step they are about, and perhaps a reason. */
export type Act =
  | 'recall'
  | 'enter'
  | 'finish'
  | 'return'
  | 'no-show'
  | 'rejoin'
  | 'park'
  | 'resume'
  | 'transfer'
  | 'cancel'
  | 'undo';
type Input = { id: string; stepId: string; expectedVersion: number; reason?: string } & TransferTo;

const CALLS = {
  recall: 'recall',
  enter: 'enter',
  finish: 'finish',
  return: 'return',
  'no-show': 'noShow',
  rejoin: 'rejoin',
  park: 'park',
  resume: 'resume',
  transfer: 'transfer',
  cancel: 'cancel',
  undo: 'undo',
} as const satisfies Record<Act, keyof Medlane['visits']>;

/** Which commands the table of transitions allows this person from this state. The server decides again. */
export function allowedActs(state: StepState, user: { roles: readonly Role[] }): ReadonlySet<Act> {
  const acts = Object.keys(CALLS).filter((act): act is Exclude<Act, 'undo'> => act !== 'undo');
  return new Set(
    acts.filter((act) => {
      const rule: { from: readonly StepState[]; who: readonly Role[] } = TRANSITIONS[act];
      return rule.from.includes(state) && hasRole(user, rule.who);
    }),
  );
}

export type Undoable = Readonly<{ visit: Visit; command: string; at: number }>;
export type VisitActions = Readonly<{
  /** Always the same function. */
  act: (act: Act, row: VisitRow) => void;
  undo: () => void;
  /** What this person did last, while it can still be taken back. */
  last: Undoable | null;
  /** Tells of a command that was done elsewhere (a call), so that it can be undone here. */
  did: (command: string, visit: Visit) => void;
  busy: boolean;
  dialogs: ReactNode;
}>;

/** Everything that can be done to a visit, with the dialogs that some of it needs, and undo. */
export function useVisitActions(): VisitActions {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const needsServer = useNeedsServer();
  const [asking, setAsking] = useState<{ act: 'park' | 'cancel' | 'transfer'; row: VisitRow } | null>(null);
  const [last, setLast] = useState<Undoable | null>(null);
  useEffect(() => (last ? after(UNDO_WINDOW, () => setLast(null)) : undefined), [last]);

  const did = (command: string, visit: Visit) => {
    setLast(command === 'undo' ? null : { visit, command, at: clock.now() });
    // Who is done leaves the screen with the answer; what else changed is asked for, so that no two states are mixed.
    if (!isOpen(visit.state))
      client.setQueryData(
        openVisits(api).queryKey,
        (before) => before && { ...before, items: before.items.filter(({ id }) => id !== visit.id) },
      );
    for (const name of ['visits', 'queues']) void client.invalidateQueries({ queryKey: [name] });
  };
  const command = useCommand(
    ({ act, input }: { act: Act; input: Input }, options: CallOptions): Promise<Visit> =>
      api.visits[CALLS[act]](input as never, options),
    {
      onError: () => {
        // Whatever was refused, the screen shows what is true now.
        void client.invalidateQueries({ queryKey: ['visits'] });
        return false;
      },
    },
  );

  const underWay = useRef(false);
  async function send(act: Act, visit: Visit, extra: Partial<Input> = {}) {
    // One after the other: the next is decided when it is seen what became of this one.
    if (underWay.current) return;
    underWay.current = true;
    const input = { id: visit.id, stepId: visit.stepId, expectedVersion: visit.version, ...extra };
    const done = await command.run({ act, input }).finally(() => {
      underWay.current = false;
    });
    if (!done) return;
    setAsking(null);
    did(act, done);
  }

  const act = useStable((wanted: Act, row: VisitRow) => {
    if (wanted === 'park' || wanted === 'cancel' || wanted === 'transfer') setAsking({ act: wanted, row });
    else void send(wanted, row);
  });

  const asked = asking?.row;
  return {
    act,
    undo: () => last && !needsServer && void send('undo', last.visit),
    last,
    did,
    busy: command.busy,
    dialogs:
      asking &&
      asked &&
      (asking.act === 'transfer' ? (
        <TransferDialog
          visit={asked}
          busy={command.busy}
          close={() => setAsking(null)}
          done={(to) => void send('transfer', asked, to)}
        />
      ) : (
        <ReasonDialog
          title={t(`act.${asking.act}Title`, { token: asked.token })}
          action={t(`act.${asking.act}`)}
          usual={USUAL_REASONS[asking.act]}
          danger={asking.act === 'cancel'}
          busy={command.busy}
          close={() => setAsking(null)}
          done={(reason) => void send(asking.act, asked, { reason })}
        />
      )),
  };
}

export const useAllowed = (): ((state: StepState) => ReadonlySet<Act>) => {
  const user = useUser();
  return (state) => allowedActs(state, user);
};

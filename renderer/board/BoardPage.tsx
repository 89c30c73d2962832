import './board.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { io } from 'socket.io-client';
import { v7 as uuidv7 } from 'uuid';
import { clock, useNow } from '../clock.ts';
import type { BoardView } from '../live.ts';
import { boardNow } from '../queries.ts';
import { useApi, useServices } from '../services.ts';
import { useStore } from '../store.ts';
import { BoardScreen } from './BoardScreen.tsx';
import { type Chime, createChime } from './chime.ts';
import { keepBoard, keptBoard } from './keep.ts';
import { type BoardCall, createStage, lasting, type Shown } from './stage.ts';

/** The screen on the wall: hears of calls, announces each, and says when it has heard nothing for a while. */
export function BoardPage() {
  const { boardId } = useParams({ strict: false }) as { boardId: string };
  return <LiveBoard key={boardId} boardId={boardId} />;
}

function LiveBoard({ boardId }: { boardId: string }) {
  const { t } = useTranslation();
  const api = useApi();
  const { live } = useServices();
  const [kept] = useState(() => keptBoard(boardId));
  const [view, setView] = useState<BoardView | null>(kept?.view ?? null);
  const [announced, setAnnounced] = useState<BoardCall | null>(null);
  const shown = useRef<Shown>(kept?.shown ?? new Map());
  const last = useRef(kept?.announced ?? 0);
  const chime = useRef<Chime | null>(null);
  const now = useNow(1000);
  const [opened] = useState(clock.now);
  const away = useStore(live.link).state === 'offline';
  const asked = useQuery(boardNow(api, boardId)).data;

  useEffect(() => {
    const sound = createChime();
    chime.current = sound;
    const stage = createStage((current) => {
      setAnnounced(current?.call ?? null);
      if (!current) return;
      last.current = Math.max(last.current, current.call.callSeq);
      sound.ring();
      // Only a courtesy to the doctor: a board that cannot say so still shows.
      api.boards
        .acknowledge({ id: boardId, callSeq: current.call.callSeq }, { commandId: uuidv7() })
        .catch(() => undefined);
    }, last.current);
    takeRef.current = (next) => {
      setView((before) =>
        before &&
        before.seq > next.seq &&
        live.link.get().state === 'online' &&
        Date.parse(before.at) > Date.parse(next.at)
          ? before
          : next,
      );
      stage.take(next.calls);
    };
    const off = live.onBoard((next) => takeRef.current(next));
    live.start(io, boardId);
    const wake = () => sound.wake();
    window.addEventListener('pointerdown', wake);
    window.addEventListener('keydown', wake);
    return () => {
      off();
      stage.close();
      sound.close();
      window.removeEventListener('pointerdown', wake);
      window.removeEventListener('keydown', wake);
    };
  }, [boardId, api, live]);

  const takeRef = useRef<(next: BoardView) => void>(() => undefined);
  useEffect(() => {
    if (asked) takeRef.current(asked);
  }, [asked]);
  useContactProbe();

  shown.current = lasting(shown.current, view?.calls ?? [], clock.now());
  // biome-ignore lint/correctness/useExhaustiveDependencies: kept when something else is announced, too
  useEffect(() => {
    if (view) keepBoard({ view, shown: shown.current, announced: last.current });
  }, [view, announced]);
  if (!view)
    return (
      <div className="board" role="status">
        {t('common.loading')}
      </div>
    );
  const calls = [...shown.current.values()].map(({ call }) => call).sort((a, b) => b.callSeq - a.callSeq);
  // What was kept from before is as old as it says, as soon as it is clear that the server is away.
  const lastContact = live.contact.get() || (away ? Date.parse(view.at) : opened);
  return (
    <BoardScreen
      view={view}
      calls={calls}
      announced={announced}
      silent={chime.current?.silent() ?? false}
      age={now - lastContact}
    />
  );
}

/** An open socket that says nothing may be dead: when it has been quiet, the server is asked whether it is there. */
function useContactProbe() {
  const api = useApi();
  const { live } = useServices();
  const now = useNow(2000);
  useEffect(() => {
    if (now - live.contact.get() < 2500) return;
    api.system.health().then(
      () => live.contact.set(clock.now()),
      () => undefined,
    );
  }, [now, api, live]);
}

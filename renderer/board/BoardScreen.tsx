import { IconBellRinging, IconDoor, IconVolumeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../clock.ts';
import { useFormat } from '../format.ts';
import type { BoardView } from '../live.ts';
import type { BoardCall } from './stage.ts';

/** Without contact for so long (ms), the board says how old it is; then, that it cannot be relied on. */
const AMBER = 5000;
const ASK = 30_000;
const MOST = 8;

type Props = {
  view: BoardView;
  calls: readonly BoardCall[];
  announced: BoardCall | null;
  silent: boolean;
  age: number;
};

export function BoardScreen({ view, calls, announced, silent, age }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(5000);
  const visible = calls.slice(0, MOST);
  const recent = view.recent.filter(({ token }) => !calls.some((call) => call.token === token));
  return (
    <div className="board" data-calls={visible.length > 4 ? 'many' : visible.length === 4 ? 'four' : 'few'}>
      <header className="board-head">
        <h1>{view.clinic}</h1>
        <span>{view.name}</span>
        <span className="board-fill" />
        {silent && (
          <span className="board-silent">
            <IconVolumeOff size="1.2em" aria-hidden /> {t('board.silent')}
          </span>
        )}
        <time>{format.time(now)}</time>
      </header>
      {age > AMBER && (
        <div className="board-age" data-age={age > ASK ? 'ask' : 'amber'} role="alert">
          {age > ASK
            ? `${t('board.ask')} (${t('board.asOf', { time: format.time(now - age) })})`
            : t('board.age', { seconds: format.number(Math.round(age / 1000)) })}
        </div>
      )}
      <main className="board-main">
        <section className="board-calls" aria-label={t('board.calls')}>
          {visible.map((call) => (
            <article
              key={call.callSeq}
              className="board-call"
              data-state={call.state}
              data-announced={announced?.callSeq === call.callSeq || undefined}
            >
              <span className="board-token" dir="ltr">
                {call.token}
              </span>
              <span className="board-room">
                {call.state === 'called' ? (
                  <IconBellRinging size="1em" aria-hidden />
                ) : (
                  <IconDoor size="1em" aria-hidden />
                )}
                <span>
                  {call.room}
                  <small>{call.name ?? t(`board.${call.state}`)}</small>
                </span>
              </span>
            </article>
          ))}
          {visible.length === 0 && age <= ASK && <p className="board-empty">{t('board.nobody')}</p>}
          {recent.length > 0 && visible.length <= 4 && (
            <p className="board-recent">
              {t('board.recent')}{' '}
              {recent.map(({ token, room }) => (
                <span key={token}>
                  <b dir="ltr">{token}</b> {room}
                </span>
              ))}
            </p>
          )}
          {calls.length > MOST && <p className="board-more">{t('board.more', { count: calls.length - MOST })}</p>}
        </section>
        <section className="board-queues" aria-label={t('board.queues')}>
          {view.queues.map((queue) => (
            <article key={queue.id} className="board-queue">
              <h2>{queue.name}</h2>
              {queue.state !== 'open' && <p className="board-note">{t(`queueState.${queue.state}`)}</p>}
              <span className="visually-hidden">{t('board.next')}</span>
              <p className="board-next">
                {queue.next.length > 0
                  ? queue.next.map((token) => (
                      <span key={token} dir="ltr">
                        {token}
                      </span>
                    ))
                  : '–'}
              </p>
              <p className="board-wait">
                {t('queue.waiting', { count: queue.waiting })} · {format.range(queue.range)}
              </p>
            </article>
          ))}
        </section>
      </main>
      {view.notice && (
        <footer className="board-notice" dir="auto">
          {view.notice}
        </footer>
      )}
      <div className="visually-hidden" aria-live="assertive">
        {announced && t('board.announce', { token: announced.token, room: announced.room })}
      </div>
    </div>
  );
}

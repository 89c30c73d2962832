import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { me, queueList, type Visit } from '../queries.ts';
import { useApi } from '../services.ts';
import { Print } from '../ui/Print.tsx';

/** The paper the patient holds. No name on it: a slip that is lost says nothing about anybody. */
export function Slip({ visit, done }: { visit: Visit; done: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queue = useQuery(queueList(api)).data?.items.find(({ id }) => id === visit.queueId);
  const clinic = useQuery(me(api)).data?.clinic;
  return (
    <Print done={done}>
      <div className="slip">
        <div>{clinic}</div>
        <div className="slip-token" dir="ltr">
          {visit.token}
        </div>
        <div>{queue?.name}</div>
        <div>{visit.place !== null && t('visit.placeN', { place: format.number(visit.place) })}</div>
        <div>{t('visit.expected', { range: format.range(visit.estimate) })}</div>
        <div>{format.moment(visit.arrivedAt)}</div>
        <div>{t('slip.foot')}</div>
      </div>
    </Print>
  );
}

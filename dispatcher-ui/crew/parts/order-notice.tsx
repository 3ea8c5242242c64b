import { IconReorder } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CrewDay } from '../../../server/stages/crew-day/contract.ts';
import { usePhone, usePhoneState } from '../phone-context.ts';
import { orderNews } from '../steps.ts';

/** The office has changed the order: what is new, moved and gone, until the crew says it has seen it. */
export function OrderNotice({ day }: { day: CrewDay }): React.JSX.Element | null {
  const { t } = useTranslation();
  const phone = usePhone();
  const jobs = usePhoneState((state) => state.jobs);
  const notices = usePhoneState((state) => state.notices);
  // What a banner says already is not said twice.
  const told = (id: string): boolean => notices.some((one) => one.kind === 'taken_back' && one.assignmentId === id);
  const { added, moved, removed, count } = orderNews(day, (id) => jobs[id]?.left === true || told(id));
  if (count === 0) return null;
  const line = (change: 'added' | 'moved' | 'removed', id: string): React.JSX.Element => {
    const job = jobs[id];
    return (
      <li key={change + id}>
        {job === undefined
          ? t('phone.order.removedUnknown')
          : t(`phone.order.${change}`, { number: job.number, title: job.title })}
      </li>
    );
  };
  return (
    <section className="notice" role="alert" aria-labelledby="order-title">
      <h2 id="order-title">
        <IconReorder aria-hidden="true" />
        {t('phone.order.title', { count })}
      </h2>
      <ul className="number">
        {added.map((id) => line('added', id))}
        {moved.map((id) => line('moved', id))}
        {removed.map((id) => line('removed', id))}
      </ul>
      <button type="button" className="primary" onClick={phone.acknowledgeOrder}>
        {t('phone.order.seen')}
      </button>
    </section>
  );
}

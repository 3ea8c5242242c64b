import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { heldNow, type Said } from '../outbox.ts';
import { usePhone, usePhoneState, useWallNow } from '../phone-context.ts';

/** What was pressed last and has not been sent yet, with the way back. */
export function UndoToast(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const outbox = usePhoneState((state) => state.outbox);
  const held = heldNow(outbox, useWallNow());
  return (
    <div className="toast-place" role="status">
      {held !== null && (
        <div className="toast">
          <span className="grow number">{heldText(t, held.said)}</span>
          <button type="button" onClick={() => phone.undo(held.actionId)}>
            {t('phone.said.undo')}
          </button>
        </div>
      )}
    </div>
  );
}

function heldText(t: TFunction, said: Said): string {
  if (said.kind !== 'fact') return '';
  const values = { number: said.jobNumber };
  if (said.fact.type === 'field.decline') return t('phone.said.decline', values);
  return said.fact.type === 'field.cannot_complete' ? t('phone.said.cannot', values) : t('phone.said.complete', values);
}

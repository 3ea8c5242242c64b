import { IconX } from '@tabler/icons-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from '../phone-context.ts';

/** A sheet over the screen: the browser keeps the focus in it, and Escape or the phone's "back" closes it. */
export function Sheet({ title, children }: { title: string; children: ReactNode }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby={id} onCancel={phone.close}>
      <header className="sheet-head">
        <h1 id={id} className="grow">
          {title}
        </h1>
        <button type="button" className="icon" onClick={phone.close} aria-label={t('phone.close')}>
          <IconX aria-hidden="true" />
        </button>
      </header>
      <div className="sheet-body">{children}</div>
    </dialog>
  );
}

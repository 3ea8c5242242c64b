import {
  IconChartBar,
  IconHelp,
  IconKeyboard,
  IconListDetails,
  IconLogout,
  IconMapPin,
  IconRouteX2,
  IconUserCircle,
} from '@tabler/icons-react';
import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../../state/desk-devices.ts';
import { may } from '../../state/desk-state.ts';
import { en } from '../../words/en.ts';
import { useDesk, useDeskState } from '../desk-context.ts';

interface AccountMenuProps {
  readonly onGuide: () => void;
  readonly onHelp: () => void;
  readonly onTrackers: () => void;
}

/** Who is signed in, the other screens, the guide, and the way out. */
export function AccountMenu({ onGuide, onHelp, onTrackers }: AccountMenuProps): React.JSX.Element {
  const menuId = useId();
  const { t } = useTranslation();
  const desk = useDesk();
  const session = useDeskState((state) => state.session);
  const mayManage = useDeskState((state) => may(state, 'device.manage'));
  const menu = useRef<HTMLDivElement>(null);
  const name = session?.displayName ?? t('menu.nobody');
  const role = session?.role ?? '';
  const choose = (act: () => void) => (): void => {
    menu.current?.hidePopover();
    act();
  };
  return (
    <>
      <button type="button" className="quiet account" popoverTarget={menuId} aria-label={t('menu.open', { name })}>
        <IconUserCircle size={20} stroke={1.8} aria-hidden="true" />
        <span className="account-name">{name}</span>
      </button>
      <div ref={menu} popover="auto" id={menuId} className="menu">
        <p className="menu-who">
          <b>{name}</b>
          <span className="muted">{role in en.menu.role ? t(`menu.role.${role}`) : role}</span>
        </p>
        <nav aria-label={t('menu.screens')}>
          <a href="/plan" target="_blank" rel="noopener" aria-keyshortcuts="P">
            <IconListDetails size={18} stroke={1.8} aria-hidden="true" />
            {t('menu.plans')}
            <span className="visually-hidden">{t('menu.newTab')}</span>
          </a>
          <a href="/fleet" target="_blank" rel="noopener">
            <IconChartBar size={18} stroke={1.8} aria-hidden="true" />
            {t('menu.fleet')}
            <span className="visually-hidden">{t('menu.newTab')}</span>
          </a>
          <a href="/report" target="_blank" rel="noopener">
            <IconMapPin size={18} stroke={1.8} aria-hidden="true" />
            {t('menu.report')}
            <span className="visually-hidden">{t('menu.newTab')}</span>
          </a>
        </nav>
        {mayManage && (
          <button type="button" onClick={choose(onTrackers)}>
            <IconRouteX2 size={18} stroke={1.8} aria-hidden="true" />
            {t('menu.trackers')}
          </button>
        )}
        <button type="button" onClick={choose(onGuide)}>
          <IconHelp size={18} stroke={1.8} aria-hidden="true" />
          {t('menu.guide')}
        </button>
        <button type="button" onClick={choose(onHelp)}>
          <IconKeyboard size={18} stroke={1.8} aria-hidden="true" />
          {t('menu.keyboard')} <kbd aria-hidden="true">?</kbd>
        </button>
        <button type="button" onClick={choose(() => void signOut(desk))}>
          <IconLogout size={18} stroke={1.8} aria-hidden="true" />
          {t('menu.signOut')}
        </button>
      </div>
    </>
  );
}

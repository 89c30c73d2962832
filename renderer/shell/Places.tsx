import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { hasRole, placesOf } from '../places.ts';
import { useUser } from '../services.ts';
import { useSheetOpen } from '../sheet/open.ts';

/** Where this person can go. The sheet is there when something waits on it; an administrator finds it always. */
export function Places() {
  const { t } = useTranslation();
  const user = useUser();
  const open = useSheetOpen();
  const shown = placesOf(user).filter(({ key }) => key !== 'sheet' || open !== null || hasRole(user, ['admin']));
  return shown.map(({ key, to, icon: Icon }) => (
    <Link key={key} to={to} className="place">
      <Icon size={18} aria-hidden />
      {t(`place.${key}`)}
      {key === 'sheet' && open && (
        <span className="badge" data-item="refused">
          {open.shown}
        </span>
      )}
    </Link>
  ));
}

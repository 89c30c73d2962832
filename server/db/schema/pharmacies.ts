import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** Where patients get what is prescribed. */
export function pharmacyTables(k: Columns, { branchId, times }: Ground) {
  const pharmacies = k.table(
    'pharmacies',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      name: k.text('name').notNull(),
      licence: k.text('licence').notNull(),
      /** The same licence, however it was typed. */
      licenceKey: k.text('licence_key').notNull(),
      email: k.text('email'),
      phone: k.text('phone'),
      address: k.text('address'),
      /** One that is not used any more stays in what happened. */
      active: k.bool('active').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('pharmacies_licence').on(t.branchId, t.licenceKey)],
  );
  return { pharmacies };
}

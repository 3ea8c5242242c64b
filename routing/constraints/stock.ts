import type { Constraint } from './constraint.ts';

/** The crew's vehicle has room for what the job uses or collects, were it empty otherwise. */
export const stock: Constraint = {
  name: 'stock',
  blocks({ shift, job }) {
    const capacity = shift.capacity ?? [];
    const dimension = capacity.findIndex((room, d) => (job.uses?.[d] ?? 0) > room || (job.collects?.[d] ?? 0) > room);
    return dimension === -1 ? null : { code: 'more_stock_than_any_crew', dimension };
  },
};

import type { Db } from '../../../db/knex.ts';
import type { PlanId } from './contract.ts';

/** What proves a plan's bound, as it is kept. */
export interface PlanCertificate {
  readonly planId: PlanId;
  /** Written and read by the planning stage alone. */
  readonly certificate: unknown;
  readonly bound: number;
  readonly kind: 'routes' | 'arrivals';
  /** Separate code has worked it out again from the stored problem. */
  readonly verified: boolean;
  readonly seconds: number;
  readonly madeAt: Date;
}

/** Undefined: nothing has been proven of this plan. */
export async function findCertificate(tx: Db, planId: PlanId): Promise<PlanCertificate | undefined> {
  const row = await tx('plan_certificate')
    .where({ plan_id: planId })
    .first<(Omit<PlanCertificate, 'bound'> & { bound: string | number }) | undefined>({
      planId: 'plan_id',
      certificate: 'certificate',
      bound: 'bound',
      kind: 'kind',
      verified: 'verified',
      seconds: 'seconds',
      madeAt: 'made_at',
    });
  return row === undefined ? undefined : { ...row, bound: Number(row.bound) };
}

/** Keeps it in place of a weaker one; a verified one is told with the plan from then on. */
export async function keepCertificate(tx: Db, one: PlanCertificate): Promise<void> {
  await tx('plan_certificate')
    .insert({
      plan_id: one.planId,
      certificate: JSON.stringify(one.certificate),
      bound: one.bound,
      kind: one.kind,
      verified: one.verified,
      seconds: one.seconds,
      made_at: one.madeAt,
    })
    .onConflict('plan_id')
    .merge();
  if (one.verified) await tx('plan').where({ id: one.planId }).update({ bound: one.bound });
}

/** Plans made since then of which nothing is proven, the one in force first, then the newest draft. */
export async function findUnproven(tx: Db, since: Date): Promise<PlanId[]> {
  return tx('plan as p')
    .whereIn('p.state', ['draft', 'published'])
    .where('p.made_at', '>=', since)
    .whereNotExists((kept) => {
      void kept.from('plan_certificate as c').whereRaw('c.plan_id = p.id').select(tx.raw('1'));
    })
    .orderByRaw(`p.state = 'draft', p.made_at desc`)
    .limit(20)
    .pluck<PlanId[]>('p.id');
}

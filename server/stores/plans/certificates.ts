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
  /** Why it has not, as codes of that code; empty for one of an older version too. */
  readonly refusals: readonly string[];
  readonly seconds: number;
  /** How often every route was priced; null: an older version did not keep it. */
  readonly passes: number | null;
  /** Routes that the programme came to hold; null as above. */
  readonly routes: number | null;
  /** A cheaper plan of the same problem that came up, written and read by the planning stage alone; null: none. */
  readonly better: unknown;
  /** The draft that was made of it. */
  readonly betterPlanId: PlanId | null;
  readonly madeAt: Date;
}

const COLUMNS = {
  planId: 'plan_id',
  certificate: 'certificate',
  bound: 'bound',
  kind: 'kind',
  verified: 'verified',
  refusals: 'refusals',
  seconds: 'seconds',
  passes: 'passes',
  routes: 'routes',
  better: 'better',
  betterPlanId: 'better_plan_id',
  madeAt: 'made_at',
} as const;

type Row = Omit<PlanCertificate, 'bound'> & { readonly bound: string | number };
const read = (row: Row | undefined): PlanCertificate | undefined =>
  row === undefined ? undefined : { ...row, bound: Number(row.bound) };

/** Undefined: nothing has been proven of this plan. */
export async function findCertificate(tx: Db, planId: PlanId): Promise<PlanCertificate | undefined> {
  return read(await tx('plan_certificate').where({ plan_id: planId }).first<Row | undefined>(COLUMNS));
}

/** The same, locked until the transaction ends. */
export async function findCertificateForUpdate(tx: Db, planId: PlanId): Promise<PlanCertificate | undefined> {
  return read(await tx('plan_certificate').where({ plan_id: planId }).forUpdate().first<Row | undefined>(COLUMNS));
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
      refusals: [...one.refusals],
      seconds: one.seconds,
      passes: one.passes,
      routes: one.routes,
      better: one.better === null ? null : JSON.stringify(one.better),
      better_plan_id: one.betterPlanId,
      made_at: one.madeAt,
    })
    .onConflict('plan_id')
    .merge();
  if (one.verified) await tx('plan').where({ id: one.planId }).update({ bound: one.bound });
}

/** Notes which draft was made of the cheaper plan. */
export async function noteBetterPlan(tx: Db, planId: PlanId, betterPlanId: PlanId): Promise<void> {
  await tx('plan_certificate').where({ plan_id: planId }).update({ better_plan_id: betterPlanId });
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

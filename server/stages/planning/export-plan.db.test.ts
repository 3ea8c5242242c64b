import { expect } from 'chai';
import { readPlanDocument } from '../../../routing/documents/plan-document.ts';
import { verifyPlan } from '../../../routing/verify/verify-plan.ts';
import type { Identify } from '../../platform/credentials.ts';
import { byRoleName, quiet, startTestServer, tokenFor } from '../../platform/test-server.ts';
import type { PlanId } from '../../stores/plans/contract.ts';
import { exportPlan, getPlanToExport } from './export-plan.ts';
import { planningRoutes } from './http.ts';
import { inTown, openTown, type Town } from './town.db.test.ts';

describe('a plan as a document for an auditor', () => {
  let town: Town;
  let url: string;
  let close: () => Promise<void>;
  beforeEach(async () => {
    town = await openTown({ crews: 3 });
    const { planner, tools, roads, policy } = town;
    // A supervisor here is one of the department that did nothing of it.
    const [organisation] = (await tools.db('organisation').where({ code: 'water' })) as { id: string }[];
    const identify: Identify = async (credentials) => {
      const actor = await byRoleName(credentials);
      return actor?.role === 'supervisor' ? { ...actor, organisationId: organisation!.id } : actor;
    };
    const server = await startTestServer({
      identify,
      routes: planningRoutes({ planner, tools, roads, policy, log: quiet }),
      clock: tools.clock,
    });
    ({ url } = server);
    close = () => server.close();
  });
  afterEach(async () => {
    await close();
    await town.close();
  });

  const fetchDocument = (
    id: string,
    role: 'dispatcher' | 'supervisor' | 'crew' = 'dispatcher',
    headers: Record<string, string> = {},
  ) => fetch(`${url}/api/plans/${id}/document`, { headers: { Authorization: `Bearer ${tokenFor(role)}`, ...headers } });

  it('holds all that it takes to judge the plan, and judges well', async () => {
    await town.report(inTown(8));
    const made = await town.plan({ seed: 1, iterations: 200 });
    const reply = await fetchDocument(made.id);
    expect(reply.status).to.equal(200);
    expect(reply.headers.get('content-disposition')).to.equal(`attachment; filename=plan-${made.id}.json`);
    expect(reply.headers.get('content-type')).to.match(/^application\/json/);
    expect(reply.headers.get('content-encoding')).to.equal('gzip');
    const document = readPlanDocument(await reply.json());
    expect(document.madeBy).to.deep.equal({ engine: document.plan.engine, planId: made.id, madeAt: made.madeAt });
    expect(document.problem.jobs).to.have.length(8);
    expect(verifyPlan(document.problem, document.plan, document.certificate)).to.deep.include({ accepted: true, refusals: [] });
    expect(document.plan.cost.total).to.equal(made.cost.total);
  });

  it('is the same unzipped, and the same by command', async () => {
    await town.report(inTown(3));
    const made = await town.plan({ seed: 1, iterations: 50 });
    const plain = await fetchDocument(made.id, 'dispatcher', { 'Accept-Encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).to.equal(null);
    const text = await plain.text();
    expect(await (await fetchDocument(made.id)).text()).to.equal(text);
    const { db } = town.tools;
    expect((await exportPlan(db, await getPlanToExport(db, made.id as PlanId))).toString('utf8')).to.equal(text);
  });

  it('says nothing of who reported, where or what', async () => {
    await town.report(inTown(2), { title: 'Clear the steps of Mrs Miller', placeText: '4 Elm Street' });
    const made = await town.plan({ seed: 1, iterations: 50 });
    const { problem, ...rest } = (await (await fetchDocument(made.id)).json()) as { problem: { travel: object } };
    // The matrices are numbers in a code of letters.
    const text = JSON.stringify({ ...rest, problem: { ...problem, travel: null } });
    const crews = (await town.tools.db('crew').select('name')) as { name: string }[];
    expect(crews).not.to.have.length(0);
    for (const word of ['Miller', 'Elm Street', ...crews.map(({ name }) => name)]) expect(text).not.to.contain(word);
  });

  it('is not given to crews, nor for a plan that is not there', async () => {
    await town.report(inTown(2));
    const made = await town.plan({ seed: 1, iterations: 50 });
    expect((await fetchDocument(made.id, 'crew')).status).to.equal(403);
    expect((await fetchDocument('00000000-0000-7000-8000-000000000000')).status).to.equal(404);
  });

  it('is not given in part: jobs of another department keep it back', async () => {
    await town.report(inTown(2));
    const made = await town.plan({ seed: 1, iterations: 50 });
    const reply = await fetchDocument(made.id, 'supervisor');
    expect([reply.status, ((await reply.json()) as { type: string }).type]).to.deep.equal([403, '/problems/not-whole-plan']);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { homeCareJobs, homeCareProblem } from './home-care-problem.ts';
import { readBestKnown } from './home-care-score.ts';
import { readHomeCare } from './home-care.ts';
import { routingProblem } from './routing-problem.ts';
import { scoreRoutes } from './routing-score.ts';
import { readSolution } from './solution-file.ts';
import { readVrplib } from './vrplib.ts';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data');

describe('The published instances', () => {
  const inFolder = (folder: string, end: string): { file: string; name: string }[] =>
    readdirSync(path.join(DATA, folder))
      .filter((file) => file.endsWith(end))
      .map((file) => ({ file: path.join(DATA, folder, file), name: file.slice(0, -end.length) }));

  for (const folder of ['vrp/Solomon', 'vrp/GH200', 'vrp/SDVRPTW', 'vrp/PCVRPTW']) {
    it(`of ${folder}: the known solutions hold and cost what their files say, to the digit`, function () {
      if (!existsSync(path.join(DATA, folder))) {
        console.log(`      SKIPPED: ${folder} of the shared data is not here`);
        return this.skip();
      }
      const instances = inFolder(folder, '.vrp');
      expect(instances).to.not.be.empty;
      for (const { file, name } of instances) {
        const instance = readVrplib(readFileSync(file, 'utf8'));
        const solution = readSolution(readFileSync(file.replace(/vrp$/, 'sol'), 'utf8'));
        const { cost, faults } = scoreRoutes(instance, solution.routes);
        expect({ cost, faults }, name).to.deep.equal({ cost: solution.cost, faults: [] });
        const { jobs, travel } = routingProblem(instance);
        expect(travel.size, name).to.equal(jobs.length + 1);
      }
    });
  }

  it('of home care are read, each with a best known cost', function () {
    if (!existsSync(path.join(DATA, 'hhcrsp'))) {
      console.log('      SKIPPED: hhcrsp of the shared data is not here');
      return this.skip();
    }
    const best = readBestKnown(readFileSync(path.join(DATA, 'hhcrsp/best-known.md'), 'utf8'));
    for (const { file, name } of inFolder('hhcrsp', '.json')) {
      const instance = readHomeCare(readFileSync(file, 'utf8'));
      expect(best.get(name), name).to.be.above(100);
      expect(homeCareProblem(instance).jobs, name).to.have.length(homeCareJobs(instance).length);
    }
  });
});

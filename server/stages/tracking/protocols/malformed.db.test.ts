import { expect } from 'chai';
import { sendMalformed } from './malformed.fixtures.ts';
import { startTrackers } from './tracker-stack.db.test.ts';

/** The long version is `npm run soak:malformed`. */
const SHORT = 600;

describe('malformed messages of trackers', function () {
  this.timeout(120_000);
  it('are each answered, none is a fault of ours, and a good one is taken afterwards', async () => {
    const stack = await startTrackers();
    try {
      const report = await sendMalformed(stack, SHORT);
      expect(report.failures, JSON.stringify(report.answers)).to.equal(0);
      expect(Object.values(report.answers).reduce((a, b) => a + b)).to.equal(SHORT);
      const { key, path } = await stack.enrol('osmand', 'well');
      expect((await stack.send(`${path}?id=well&lat=1&lon=2&key=${key!}`)).status).to.equal(200);
    } finally {
      await stack.close();
    }
  });
});

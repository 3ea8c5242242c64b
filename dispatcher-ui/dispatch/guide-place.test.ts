import { expect } from 'chai';
import fc from 'fast-check';
import { placeBeside, type Beside, type Box } from './guide-place.ts';

const WINDOW = { width: 1280, height: 800 };
const CARD = { width: 340, height: 200 };
const apart = (a: Box, b: Box): boolean =>
  a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top;

describe('guide', () => {
  it('never covers what it talks about, wherever that is and whatever its size', () => {
    const box = fc.record({
      left: fc.integer({ min: 0, max: 1200 }),
      top: fc.integer({ min: 0, max: 700 }),
      width: fc.integer({ min: 10, max: 900 }),
      height: fc.integer({ min: 10, max: 700 }),
    });
    const besides = fc.constantFrom<Beside>('right', 'left', 'above', 'below');
    fc.assert(
      fc.property(box, besides, (target, beside) => {
        expect(apart(target, { ...placeBeside(target, CARD, beside, WINDOW), ...CARD })).to.equal(true);
      }),
    );
  });

  it('stays inside the window beside a pane that reaches to its edge', () => {
    const queue = { left: 0, top: 76, width: 316, height: 500 };
    const place = placeBeside(queue, CARD, 'right', WINDOW);
    expect(place.left).to.equal(330);
    expect(place.top).to.be.within(8, WINDOW.height - CARD.height - 8);
    const chip = { left: 1180, top: 10, width: 90, height: 28 };
    expect(placeBeside(chip, CARD, 'below', WINDOW).left).to.equal(WINDOW.width - CARD.width - 8);
  });
});

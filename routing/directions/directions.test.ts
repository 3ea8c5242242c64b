import { expect } from 'chai';
import * as fc from 'fast-check';
import type { RoadLeg } from '../roads/road-network.ts';
import { metres, seconds } from '../units.ts';
import { directions, findLanguage } from './directions.ts';
import { POLYLINE_PRECISION, decodeLine, encodeLine } from './polyline.ts';

const leg = (...steps: { name: string; osrm: unknown }[]): RoadLeg => ({
  seconds: seconds(60),
  metres: metres(500),
  line: [],
  steps: steps.map((step) => ({ ...step, seconds: seconds(30), metres: metres(250) })),
});
const turn = {
  name: 'Florida Avenue Northeast',
  osrm: {
    name: 'Florida Avenue Northeast',
    driving_side: 'right',
    mode: 'driving',
    maneuver: { type: 'turn', modifier: 'sharp left' },
  },
};
const arrive = { name: '', osrm: { name: '', mode: 'driving', maneuver: { type: 'arrive' } } };

describe('directions', () => {
  it('says a step as a sentence, with its length', () => {
    expect(directions(leg(turn), { locale: 'en' })).to.deep.equal({
      locale: 'en',
      instead: null,
      steps: [{ text: 'Make a sharp left onto Florida Avenue Northeast', turn: 'sharp_left', metres: 250, seconds: 30 }],
    });
  });

  it('names the stop on arrival', () => {
    const text = directions(leg(arrive), { locale: 'en', destination: '14 Main Street', legIndex: 0, legCount: 1 }).steps[0]
      ?.text;
    expect(text).to.contain('14 Main Street');
  });

  it('gives an arrow for what it knows, and none for the rest', () => {
    const arrow = (maneuver: object) =>
      directions(leg({ name: '', osrm: { ...turn.osrm, maneuver } }), { locale: 'en' }).steps[0]?.turn;
    expect(arrow({ type: 'turn', modifier: 'right' })).to.equal('right');
    expect(arrow({ type: 'depart', modifier: 'left' })).to.equal('depart');
    expect(arrow({ type: 'roundabout', modifier: 'right', exit: 2 })).to.equal('roundabout');
    expect(arrow({ type: 'continue', modifier: 'uturn' })).to.equal('uturn');
    expect(arrow({ type: 'new name' })).to.equal(null);
    expect(directions(leg({ name: 'towards the north', osrm: null }), { locale: 'en' }).steps[0]?.turn).to.equal(null);
  });

  it('takes the language of a regional tag', () => {
    expect(directions(leg(turn), { locale: 'sv-SE' })).to.deep.include({ locale: 'sv', instead: null });
    expect(findLanguage('PT-br')).to.equal('pt-BR');
  });

  it('falls back to English where it has no words, and says so', () => {
    const made = directions(leg(turn), { locale: 'zu' });
    expect(made).to.deep.include({ locale: 'en', instead: 'zu' });
    expect(made.steps[0]?.text).to.equal('Make a sharp left onto Florida Avenue Northeast');
  });

  it('says of an estimate only where to head', () => {
    expect(directions(leg({ name: 'towards the north', osrm: null }), { locale: 'en' }).steps[0]?.text).to.equal(
      'Head towards the north (straight line, no router)',
    );
  });

  it('gets past a step it does not understand', () => {
    const made = directions(leg({ name: 'Main Street', osrm: { maneuver: {} } }, turn), { locale: 'en' });
    expect(made.steps.map(({ text }) => text)).to.deep.equal([
      'Continue on Main Street',
      'Make a sharp left onto Florida Avenue Northeast',
    ]);
  });
});

describe('encodeLine', () => {
  it('writes what the format describes, and says its precision', () => {
    // The example of the format's own description.
    const line = [
      { lon: -120.2, lat: 38.5 },
      { lon: -120.95, lat: 40.7 },
      { lon: -126.453, lat: 43.252 },
    ];
    expect(encodeLine(line)).to.deep.equal({ points: '_p~iF~ps|U_ulLnnqC_mqNvxq`@', precision: 5 });
    expect(encodeLine([])).to.deep.equal({ points: '', precision: POLYLINE_PRECISION });
  });

  it('gives back every line to five decimals', () => {
    const point = fc.record({
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (line) => {
        const back = decodeLine(encodeLine(line));
        expect(back.length).to.equal(line.length);
        line.forEach(({ lon, lat }, i) => {
          expect(back[i]?.lon).to.be.closeTo(lon, 0.0000051);
          expect(back[i]?.lat).to.be.closeTo(lat, 0.0000051);
        });
      }),
    );
  });
});

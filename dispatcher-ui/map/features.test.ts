import { encode } from '@googlemaps/polyline-codec';
import { expect } from 'chai';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import { aJob, aSpot, aShift, byId } from '../state/sample-desk.ts';
import type { HeldSpot } from '../state/positions.ts';
import { areaFeatures, boundsOf, jobFeatures, tagFeatures, wayFeatures, type TagsAsk } from './features.ts';

const NOW = Date.parse('2026-03-02T08:10:00.000Z');
const tags = (
  spots: ReadonlyMap<string, HeldSpot>,
  crews: TagsAsk['crews'],
  freshSeconds: number,
  over: Partial<TagsAsk> = {},
): GeoJSON.Feature[] =>
  tagFeatures({
    spots,
    crews,
    nowMs: NOW,
    freshSeconds,
    selectedShift: null,
    onlySelected: false,
    showsCrews: true,
    placeOf: (spot) => spot,
    ...over,
  }).features;
const held = (n: number, over: Partial<HeldSpot> = {}): HeldSpot => ({ ...aSpot(n), before: null, ...over });
const crews = (...states: ('free' | 'ended' | 'on_the_way')[]) =>
  new Map(states.map((state, i) => [aShift(i + 1).id as string, { shift: aShift(i + 1), state }]));

describe('map features', () => {
  it('leaves out work that is over, unless it is selected', () => {
    const jobs = byId(aJob(1), aJob(2, { state: 'completed' }));
    expect(jobFeatures(jobs, null).jobs.features.map((f) => f.properties?.['id'])).to.deep.equal([aJob(1).id]);
    expect(jobFeatures(jobs, aJob(2).id).jobs.features).to.have.length(2);
  });

  it('groups very many jobs, but never the selected one', () => {
    const many = byId(...Array.from({ length: 400 }, (_, n) => aJob(n)));
    const { jobs, crowd } = jobFeatures(many, aJob(7).id);
    expect(jobs.features.map((f) => f.properties?.['id'])).to.deep.equal([aJob(7).id]);
    expect(crowd.features).to.have.length(399);
    expect(jobFeatures(byId(aJob(1), aJob(2)), null).crowd.features).to.have.length(0);
  });

  it('can leave out what crews have already', () => {
    const jobs = byId(aJob(1), aJob(2, { state: 'planned' }));
    expect(jobFeatures(jobs, null, false).jobs.features.map((f) => f.properties?.['id'])).to.deep.equal([aJob(1).id]);
  });

  it('draws an area by its boundary and names it in the corner; one without a boundary is not drawn', () => {
    const ring: [number, number][] = [
      [11.9, 57.6],
      [12, 57.6],
      [12, 57.7],
      [11.9, 57.6],
    ];
    const areas = [
      { id: 'a', kind: 'ward', code: '1', name: 'Ward 1', polygons: [[ring]] },
      { id: 'b', kind: 'ward', code: '2', name: 'Ward 2', polygons: null },
    ];
    const { features } = areaFeatures(areas, 'a');
    expect(features.map(({ geometry }) => geometry.type)).to.deep.equal(['Polygon', 'Point']);
    expect(features[1]?.geometry).to.deep.equal({ type: 'Point', coordinates: [11.9, 57.7] });
    expect(features[0]?.properties).to.deep.equal({ name: 'Ward 1', chosen: true });
  });

  it('a vehicle that has said nothing for long is stale and says how long', () => {
    const positions = new Map([['v1', held(1)]]);
    const [stale] = tags(positions, crews('free'), 300);
    expect(stale?.properties).to.include({ stale: true, label: 'C1 10 min', look: 'free' });
    const [fresh] = tags(positions, crews('on_the_way'), 3_600);
    expect(fresh?.properties).to.include({ stale: false, label: 'C1', look: 'on_the_way', moving: true });
  });

  it('a vehicle without a heading points nowhere, one of a crew that went home is not shown', () => {
    const parked = new Map([['v1', held(1, { headingDegrees: null })]]);
    expect(tags(parked, crews('free'), 3_600)[0]?.properties).to.include({ moving: false });
    expect(tags(parked, crews('ended'), 3_600)).to.have.length(0);
  });

  it('crews that stand together lie side by side', () => {
    const positions = new Map([
      ['v1', held(1)],
      ['v2', held(2)],
    ]);
    const stacks = tags(positions, crews('free', 'free'), 3_600).map((f) => f.properties?.['stack']);
    expect(stacks).to.deep.equal([0, 1]);
  });

  it('of a large fleet only the selected crew has a tag; one that is cut off is hollow however new its fix', () => {
    const positions = new Map([
      ['v1', held(1, { fixAtMs: NOW, cutOff: true })],
      ['v2', held(2)],
    ]);
    const shown = tags(positions, crews('free', 'free'), 3_600, { onlySelected: true, selectedShift: aShift(1).id });
    expect(shown.map((f) => f.properties)).to.have.length(1);
    expect(shown[0]?.properties).to.include({ stale: true, cutOff: true, selected: true });
  });

  it('decodes the way leg by leg, lon before lat, and marks what is an estimate', () => {
    const line = {
      points: encode(
        [
          [57.7, 11.97],
          [57.71, 11.98],
        ],
        5,
      ),
      precision: 5,
    };
    const way = { line, seconds: 60, metres: 900, source: 'estimate', directions: { locale: 'en', instead: null, steps: [] } };
    const day = { stops: [{ kind: 'depot', place: { lon: 11.98, lat: 57.71 }, eta: null, way }] } as unknown as CrewDay;
    const { features } = wayFeatures(day).way;
    expect(features[0]?.geometry).to.deep.equal({
      type: 'LineString',
      coordinates: [
        [11.97, 57.7],
        [11.98, 57.71],
      ],
    });
    expect(features[0]?.properties).to.include({ estimate: true, home: true });
    expect(boundsOf(features)).to.deep.equal([11.97, 57.7, 11.98, 57.71]);
    expect(boundsOf([])).to.equal(null);
  });
});

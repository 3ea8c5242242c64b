import { expect } from 'chai';
import { readShape } from './shape.ts';

const ring = [
  [11.9, 57.6],
  [12.0, 57.6],
  [12.0, 57.7],
  [11.9, 57.6],
];

/** Where and why a shape is refused; fails when it is not. */
function refusal(input: unknown): { path: string; because: string } {
  const answer = readShape(input);
  if (answer.ok) throw new Error('the shape was taken');
  return answer;
}

describe('readShape', () => {
  it('takes a polygon, a multipolygon and a feature, as text or value, always as a multipolygon', () => {
    const wanted = { ok: true, shape: { type: 'MultiPolygon', coordinates: [[ring]] } };
    expect(readShape({ type: 'Polygon', coordinates: [ring] })).to.deep.equal(wanted);
    expect(readShape({ type: 'MultiPolygon', coordinates: [[ring]] })).to.deep.equal(wanted);
    expect(readShape({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] } })).to.deep.equal(wanted);
    expect(readShape(JSON.stringify({ type: 'Polygon', coordinates: [ring] }))).to.deep.equal(wanted);
  });

  it('drops heights', () => {
    const high = ring.map(([lon, lat]) => [lon, lat, 12]);
    expect(readShape({ type: 'Polygon', coordinates: [high] })).to.have.nested.property('shape.coordinates.0.0.0.length', 2);
  });

  it('refuses other types, and says where', () => {
    expect(refusal({ type: 'Point', coordinates: [1, 2] }).path).to.equal('type');
    expect(refusal({ type: 'Feature', geometry: { type: 'LineString', coordinates: ring } }).path).to.equal('geometry.type');
    for (const input of [null, 7, [], {}, 'null', '[]']) expect(refusal(input).path).to.equal('type');
  });

  it('refuses degrees out of range, NaN, infinities and non-numbers', () => {
    for (const bad of [
      [181, 0],
      [0, 91],
      [NaN, 0],
      [0, 1e308],
      [Infinity, 0],
      ['1', 2],
      [1],
      [],
      null,
      { lon: 1 },
      [1, 2, 3, 4],
    ]) {
      const coordinates = [[ring[0], bad, ring[2], ring[0]]];
      expect(refusal({ type: 'Polygon', coordinates }).path, JSON.stringify(bad)).to.equal('coordinates[0][1]');
    }
  });

  it('refuses rings that are open or too short', () => {
    expect(refusal({ type: 'Polygon', coordinates: [ring.slice(0, 3)] }).path).to.equal('coordinates[0]');
    expect(refusal({ type: 'Polygon', coordinates: [[...ring, [1, 1]]] }).because).to.contain('the last the same as the first');
  });

  it('refuses too many bytes, vertices and rings, and JSON that is nested without end', () => {
    expect(refusal(`{"type":"Polygon","x":"${'x'.repeat(600_000)}"}`).because).to.contain('bytes');
    const long = Array.from({ length: 200_000 }, (_, i) => [i / 200_000, 0]);
    expect(refusal({ type: 'Polygon', coordinates: [long] }).because).to.contain('5000 vertices');
    expect(refusal({ type: 'Polygon', coordinates: Array.from({ length: 101 }, () => ring) }).because).to.contain('100 rings');
    const deep = `{"type":"Polygon","coordinates":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(refusal(deep).path).to.match(/^coordinates/);
  });
});

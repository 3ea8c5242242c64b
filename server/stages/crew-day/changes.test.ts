import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { RecordedEvent } from '../../platform/deliveries.ts';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import { changesSince } from './changes.ts';

const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()].map((id) => AssignmentId.parse(id)) as [
  AssignmentId,
  AssignmentId,
  AssignmentId,
];
const anEvent = (type: string, assignmentId: string | null, body: Record<string, unknown> = {}): RecordedEvent => ({
  seq: 1,
  type,
  at: new Date(0),
  receivedAt: new Date(0),
  actorDevice: null,
  actorAccount: null,
  actorRole: 'system',
  actionId: null,
  caseId: null,
  jobId: null,
  assignmentId,
  shiftId: null,
  planId: null,
  organisationId: null,
  configVersionId: null,
  body,
});
const order = (orderVersion: number) => anEvent('shift.order_changed', null, { orderVersion });

describe('what has changed since the crew looked', () => {
  const events = [
    anEvent('assignment.planned', a),
    anEvent('assignment.planned', b),
    order(2),
    anEvent('assignment.moved', a),
    anEvent('assignment.planned', c),
    order(3),
    anEvent('assignment.state_changed', b, { to: 'recalled' }),
    order(4),
  ];
  it('is everything, when it has never looked', () => {
    expect(changesSince(0, [], [a, b])).to.deep.equal({ since: 0, added: [a, b], moved: [], removed: [] });
  });
  it('is what came, moved and went after the order it has seen', () => {
    expect(changesSince(2, events, [a, c])).to.deep.equal({ since: 2, added: [c], moved: [a], removed: [b] });
    expect(changesSince(3, events, [a, c])).to.deep.equal({ since: 3, added: [], moved: [], removed: [b] });
    expect(changesSince(4, events, [a, c])).to.deep.equal({ since: 4, added: [], moved: [], removed: [] });
  });
  it('does not call the crew’s own progress a change', () => {
    const progress = [...events, anEvent('assignment.state_changed', a, { to: 'travelling' })];
    expect(changesSince(4, progress, [a, c])).to.deep.equal({ since: 4, added: [], moved: [], removed: [] });
  });
});

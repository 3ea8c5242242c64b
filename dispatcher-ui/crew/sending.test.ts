import { expect } from 'chai';
import { ApiProblem, type DeviceApi } from '../state/api.ts';
import { assignmentId } from './sample-day.ts';
import { answered, EMPTY_OUTBOX, press, type Outbox, type Said } from './outbox.ts';
import { acknowledgeFixes, keepFix, NO_FIXES, type OwnFixes } from './own-fixes.ts';
import { startSending, type Sending } from './sending.ts';

const accept: Said = { kind: 'fact', jobNumber: 2001, fact: { type: 'field.accept', assignmentId: assignmentId(1) } };
const travel: Said = { kind: 'fact', jobNumber: 2001, fact: { type: 'field.travel', assignmentId: assignmentId(1) } };

/** A line that answers as it is told, and writes down what came over it. */
class Line {
  readonly came: string[] = [];
  answers: (() => unknown)[] = [];
  readonly api: DeviceApi = {
    get: () => Promise.reject(new Error('nothing is read here')),
    post: <T>(path: string, body: unknown): Promise<T> => {
      const { envelope, command } = body as { envelope?: { actionId: string; deviceSeq: number }; command?: { type: string } };
      this.came.push(`${path} ${envelope?.actionId ?? ''} ${envelope?.deviceSeq ?? ''} ${command?.type ?? ''}`.trim());
      const next = this.answers.shift();
      return Promise.resolve().then(() => (next === undefined ? { assignments: [] } : next()) as T);
    },
  };
}

describe('sending from the crew’s phone', () => {
  let line: Line;
  let box: Outbox;
  let fixes: OwnFixes;
  let nowMs: number;
  let told: string[];
  let sending: Sending | null;

  const start = (): Sending =>
    (sending = startSending({
      api: line.api,
      waiting: () => box.waiting,
      fixes: () => fixes,
      nowMs: () => nowMs,
      onTaken(one, version) {
        told.push(`taken ${one.actionId} ${version}`);
        box = answered(box, one.actionId, { version });
      },
      onRefused(one, problem) {
        told.push(`refused ${one.actionId} ${problem.type}`);
        box = answered(box, one.actionId, null);
      },
      onFixesThrough: (through) => (fixes = acknowledgeFixes(fixes, through)),
      onHeard: () => told.push('heard'),
      onRevoked: () => told.push('revoked'),
    }));
  const pressed = (said: Said, actionId: string, holdMs = 0): void => {
    box = press(box, said, { actionId, nowMs, holdMs });
  };
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const broken = (): never => {
    throw new ApiProblem(0, 'no-answer', 'The server does not answer.');
  };

  beforeEach(() => {
    [line, box, fixes, nowMs, told, sending] = [new Line(), EMPTY_OUTBOX, NO_FIXES, 1_000, [], null];
  });
  afterEach(() => sending?.stop());

  it('goes in the order it was pressed, one at a time, and reads the version from the answer', async () => {
    pressed(accept, 'a');
    pressed(travel, 'b');
    line.answers = [() => ({ assignments: [{ id: assignmentId(1), version: 7 }] })];
    start().wake();
    await until(() => box.waiting.length === 0);
    expect(line.came).to.deep.equal(['/api/field a 1 field.accept', '/api/field b 2 field.travel']);
    expect(told.filter((one) => one !== 'heard')).to.deep.equal(['taken a 7', 'taken b null']);
  });

  it('sends the same again, with the same id, until it is answered; nothing overtakes it', async () => {
    pressed(accept, 'a');
    pressed(travel, 'b');
    line.answers = [broken];
    start().wake();
    await until(() => line.came.length === 1);
    expect(box.waiting).to.have.length(2);
    expect(told).to.deep.equal([]);
    // The way is open again (the browser says so, or the pause is over).
    await until(() => sending!.onItsWay() === null);
    sending!.wake();
    await until(() => box.waiting.length === 0);
    expect(line.came.map((one) => one.split(' ')[1])).to.deep.equal(['a', 'a', 'b']);
  });

  it('lets go of what is refused for good, and says so; what comes after it is sent', async () => {
    pressed(accept, 'a');
    pressed(travel, 'b');
    line.answers = [
      () => {
        throw new ApiProblem(409, 'illegal-transition', 'No.');
      },
    ];
    start().wake();
    await until(() => box.waiting.length === 0);
    expect(told.filter((one) => one !== 'heard')).to.deep.equal(['refused a illegal-transition', 'taken b null']);
  });

  it('keeps everything when the phone is signed out', async () => {
    pressed(accept, 'a');
    line.answers = [
      () => {
        throw new ApiProblem(401, 'not-signed-in', 'This token has ended.');
      },
    ];
    start().wake();
    await until(() => told.includes('revoked'));
    expect(box.waiting.map(({ actionId }) => actionId)).to.deep.equal(['a']);
  });

  it('takes an action that this phone sent under its former token as done', async () => {
    pressed(accept, 'a');
    line.answers = [
      () => {
        throw new ApiProblem(422, 'action-reused', 'Used before.');
      },
    ];
    start().wake();
    await until(() => box.waiting.length === 0);
    expect(told).to.include('taken a null');
  });

  it('waits with what can still be taken back', async () => {
    pressed(accept, 'a', 8_000);
    start().wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(line.came).to.deep.equal([]);
    nowMs += 8_000;
    sending!.wake();
    await until(() => box.waiting.length === 0);
    expect(line.came).to.have.length(1);
  });

  it('sends positions before anything else, and an empty round is no news from the server', async () => {
    start().wake();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(told).to.deep.equal([]);
    fixes = keepFix(NO_FIXES, { atMs: 0, lon: 11.97, lat: 57.7, accuracyMetres: 5, speedMps: null, headingDegrees: null });
    pressed(accept, 'a');
    line.answers = [() => ({ through: 1, stored: 1, known: 0 })];
    sending!.wake();
    await until(() => box.waiting.length === 0);
    expect(line.came.map((one) => one.split(' ')[0])).to.deep.equal(['/api/positions', '/api/field']);
    expect(fixes.unsent).to.deep.equal([]);
  });
});

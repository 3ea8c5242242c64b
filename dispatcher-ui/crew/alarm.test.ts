import { expect } from 'chai';
import { ApiProblem, type DeviceApi } from '../state/api.ts';
import { alarmCall, type Alarm } from './alarm.ts';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function begin(answers: (() => Promise<unknown>)[]): {
  call: ReturnType<typeof alarmCall>;
  shown: () => Alarm | null;
  asked: string[];
} {
  let shown: Alarm | null = null;
  const asked: string[] = [];
  const post = ((path: string) => {
    asked.push(path);
    return answers.shift()!();
  }) as DeviceApi['post'];
  return { call: alarmCall({ api: { post }, nowMs: () => 7, set: (alarm) => (shown = alarm) }), shown: () => shown, asked };
}

const away = () => Promise.reject(new ApiProblem(0, 'offline', 'No network.'));

describe('calling for help', () => {
  it('is told once the server has it, and one press more is no second call meanwhile', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const { call, shown, asked } = begin([() => new Promise((resolve) => (answer = resolve))]);
    call.call('s1');
    call.call('s1');
    expect(shown()).to.deep.equal({ phase: 'calling', sinceMs: 7 });
    answer({ told: true });
    await settled();
    expect(shown()).to.deep.equal({ phase: 'told', atMs: 7 });
    expect(asked).to.deep.equal(['/api/shifts/s1/alarm']);
  });

  it('goes on trying while there is no way to the server', async function () {
    this.timeout(10_000);
    const { call, shown, asked } = begin([away, () => Promise.resolve({ told: true })]);
    call.call('s1');
    await settled();
    expect(shown()?.phase).to.equal('calling');
    while (shown()?.phase !== 'told') await settled();
    expect(asked).to.have.length(2);
  });

  it('says why it can never be taken', async () => {
    const { call, shown } = begin([() => Promise.reject(new ApiProblem(409, 'no-vehicle', 'This shift has no vehicle.'))]);
    call.call('s1');
    await settled();
    expect(shown()).to.deep.equal({ phase: 'refused', because: 'This shift has no vehicle.' });
  });

  it('ends when it was not meant, and what comes back then says nothing', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const { call, shown } = begin([() => new Promise((resolve) => (answer = resolve)), () => Promise.resolve({ told: true })]);
    call.call('s1');
    call.stop();
    answer({ told: true });
    await settled();
    expect(shown()).to.equal(null);
    call.call('s1');
    await settled();
    expect(shown()?.phase).to.equal('told');
  });
});

/** Words for what vehicles are seen to do. */
export const enMovement = {
  title: 'Seen on the way',
  none: 'Nothing out of the ordinary.',
  goesOn: 'since {{time}}',
  was: '{{from}} – {{until}}',
  at: 'At {{place}}',
  wasAt: 'Was at {{place}}',
  depot: 'the depot',
  job: 'job #{{number}}',
  stop: 'a stop',
  kind: {
    long_stop: 'Standing away from its stops',
    off_way: 'Off the planned way',
    silent: 'Not heard of',
    speeding: 'Too fast',
    panic: 'Alarm',
  },
  figure: {
    metres: '{{distance}} away',
    speed: '{{speed}} km/h',
  },
  notice: {
    panic: 'Alarm from {{crew}}!',
    silent: '{{crew}} has not been heard of for too long.',
    long_stop: '{{crew}} has been standing away from its stops for long.',
    off_way: '{{crew}} is off its planned way.',
    speeding: '{{crew}} is driving too fast.',
  },
} as const;

/** How fast a simulated city goes. */
export const enPace = {
  label: 'Speed of the simulated city',
  pause: 'Pause',
  times: '{{pace}}×',
  timesLabel: '{{pace}} simulated seconds a second',
  paused: 'Paused',
  hurrying: 'Fast forward…',
  hurryingHint: 'The morning is being played as fast as this machine can. It goes on at the chosen speed from there.',
  ended: 'The day is over',
  endedHint:
    'The simulated day has ended and the city stands still. What happened can be looked at. Start the demo again for a new day.',
  failed: 'Simulation stopped',
  failedHint:
    'The program that plays this day has stopped with a fault; where it was started it says why. The city stands still.',
  away: 'Simulation not heard',
  awayHint: 'The program that plays this day has not been heard for some seconds. The city stands still until it is back.',
  held: 'You plan',
  heldHint:
    'Somebody at a desk has acted, so the simulated desk makes no plans for now. It takes over again three minutes after the last action.',
} as const;

/**
 * Vehicles as receivers in them see them, on a grid of streets: made from a seed, the same in every run. They drive a block,
 * slow down, turn or stop at a signal, and now and then stand for minutes at a job.
 */
export interface MotionOptions {
  readonly seed: number;
  /** South-western corner, degrees, and the side of the square, metres. */
  readonly lon: number;
  readonly lat: number;
  readonly sideMetres: number;
}

/** What a receiver says of one second. */
export interface Reading {
  lon: number;
  lat: number;
  speedMps: number;
  headingDegrees: number;
  accuracyMetres: number;
}

/** What the simulation takes; printed with the figures. */
export const MOTION = {
  blockMetres: 110,
  cruiseMps: [7, 14],
  stopAtBlockPart: 0.25,
  stopSeconds: [5, 60],
  jobPart: 0.015,
  jobSeconds: [180, 1_200],
  accelerationMps2: 1.8,
  /** The receiver's error: a drift that stays for a while, and what is new each second. */
  driftMetres: 2.5,
  driftSeconds: 60,
  noiseMetres: 0.4,
} as const;

const METRES_A_DEGREE = 111_195;

export class Vehicle {
  readonly reading: Reading = { lon: 0, lat: 0, speedMps: 0, headingDegrees: 0, accuracyMetres: 5 };
  private readonly chance: () => number;
  private readonly options: MotionOptions;
  private readonly metresAcross: number;
  private east: number;
  private north: number;
  private direction: number;
  private speed = 0;
  private cruise = 10;
  private left: number = MOTION.blockMetres;
  private standing = 0;
  private readonly drift = [0, 0];
  private accuracy = 5;

  constructor(options: MotionOptions, number: number) {
    this.options = options;
    this.chance = randomOf(options.seed * 1_000_003 + number);
    this.metresAcross = METRES_A_DEGREE * Math.cos((options.lat * Math.PI) / 180);
    const blocks = Math.floor(options.sideMetres / MOTION.blockMetres);
    this.east = Math.floor(this.chance() * blocks) * MOTION.blockMetres;
    this.north = Math.floor(this.chance() * blocks) * MOTION.blockMetres;
    this.direction = Math.floor(this.chance() * 4);
  }

  private between([low, high]: readonly [number, number]): number {
    return low + this.chance() * (high - low);
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.chance())) * Math.cos(2 * Math.PI * this.chance());
  }

  /** One second on; `reading` is then what the receiver says. */
  step(): void {
    if (this.standing > 0) {
      this.standing--;
      this.speed = 0;
    } else this.drive();
    const keep = Math.exp(-1 / MOTION.driftSeconds);
    for (const axis of [0, 1])
      this.drift[axis] = this.drift[axis]! * keep + this.normal() * MOTION.driftMetres * Math.sqrt(1 - keep * keep);
    this.accuracy = Math.min(30, Math.max(2, this.accuracy + this.normal() * 0.25));
    const { reading, options } = this;
    reading.lon = options.lon + (this.east + this.drift[0]! + this.normal() * MOTION.noiseMetres) / this.metresAcross;
    reading.lat = options.lat + (this.north + this.drift[1]! + this.normal() * MOTION.noiseMetres) / METRES_A_DEGREE;
    reading.speedMps = Math.max(0, this.speed + (this.speed > 0 ? this.normal() * 0.2 : 0));
    // A receiver that stands keeps the heading it had.
    if (this.speed > 1) reading.headingDegrees = (this.direction * 90 + this.normal() * 3 + 360) % 360;
    reading.accuracyMetres = Math.round(this.accuracy * 10) / 10;
  }

  private drive(): void {
    const wished = Math.min(this.cruise, Math.sqrt(2 * MOTION.accelerationMps2 * Math.max(0, this.left)) + 1);
    this.speed += Math.max(-3, Math.min(MOTION.accelerationMps2, wished - this.speed));
    const metres = Math.min(this.speed, this.left);
    this.left -= metres;
    this.east += metres * [0, 1, 0, -1][this.direction]!;
    this.north += metres * [1, 0, -1, 0][this.direction]!;
    if (this.left <= 0) this.atCorner();
  }

  private atCorner(): void {
    const { sideMetres } = this.options;
    this.left = MOTION.blockMetres;
    this.cruise = this.between(MOTION.cruiseMps);
    const turn = this.chance();
    if (turn < 0.25) this.direction = (this.direction + 1) % 4;
    else if (turn < 0.5) this.direction = (this.direction + 3) % 4;
    if (this.east >= sideMetres) this.direction = 3;
    else if (this.east <= 0) this.direction = 1;
    else if (this.north >= sideMetres) this.direction = 2;
    else if (this.north <= 0) this.direction = 0;
    const what = this.chance();
    if (what < MOTION.jobPart) this.standing = Math.round(this.between(MOTION.jobSeconds));
    else if (what < MOTION.jobPart + MOTION.stopAtBlockPart) this.standing = Math.round(this.between(MOTION.stopSeconds));
  }
}

/** mulberry32: chance that is the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

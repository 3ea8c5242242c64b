/** What a city takes for an event; `movement` and `fence` of its policy.json. */
export interface MovementPolicy {
  /** This near to a place a vehicle is at it; it has left at half as far again. */
  readonly fenceMetres: number;
  /** Standing longer than this, away from every stop and depot, is an event. */
  readonly longStopSeconds: number;
  /** Farther than this from the planned way ... */
  readonly offWayMetres: number;
  /** ... for longer than this is an event. */
  readonly offWaySeconds: number;
  /** On duty and not heard of for longer than this is an event. */
  readonly silentSeconds: number;
  /** Faster than this ... */
  readonly speedLimitMps: number;
  /** ... for longer than this is an event. */
  readonly speedingSeconds: number;
}

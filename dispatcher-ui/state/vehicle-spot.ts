/** Where a vehicle is by its newest fix. Times are milliseconds since 1970 of the city's clock. */
export interface VehicleSpot {
  readonly vehicleId: string;
  readonly shiftId: string | null;
  readonly lon: number;
  readonly lat: number;
  readonly fixAtMs: number;
  readonly receivedAtMs: number;
  readonly accuracyMetres: number | null;
  readonly speedMps: number | null;
  /** Clockwise from north. */
  readonly headingDegrees: number | null;
  /** Who says where it is: crew_phone, tracker. */
  readonly source: string;
  /** Another server hears it, and does not answer: this is the last it told. */
  readonly cutOff: boolean;
}

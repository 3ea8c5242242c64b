import { z } from 'zod';

/** A word that is typed, said and joined on: lower case, digits, hyphens. */
export const Code = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, like "burst-main"');
/** Wall time in the city's zone. */
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like "07:30"');
const Skill = Code;
const Plant = Code;
const Text = z.string().min(1).max(200);
const Priority = z.int().min(1).max(4);
const Lon = z.number().min(-180).max(180);
const Lat = z.number().min(-90).max(90);
export const CityPoint = z.strictObject({ lon: Lon, lat: Lat });
export type CityPoint = z.infer<typeof CityPoint>;

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};
const isLanguage = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

/** West, south, east, north in degrees; places outside are not in the city. */
export const Bounds = z
  .tuple([Lon, Lat, Lon, Lat])
  .refine(
    ([west, south, east, north]) => west < east && south < north,
    'must be west, south, east, north in degrees, in this order',
  );
export type Bounds = z.infer<typeof Bounds>;

/** Where an import finds the roads, and what must be said about them on every map. */
export const RoadsSource = z.strictObject({
  /** Paths from the repository's root; the first that exists is taken. */
  files: z.array(z.string().min(1)),
  attribution: Text,
  licence: Text,
  /** Where anybody can get such a file. */
  about: z.string().min(1).max(2_000),
});

/** A named part of the city. Without a boundary it is known by name only, and cases say themselves which one they are in. */
export const AreaConfig = z.strictObject({
  kind: Code,
  code: z.string().min(1).max(40),
  name: Text,
  /** GeoJSON MultiPolygon coordinates; null = the city names the area but has no boundary at hand. */
  polygons: z.array(z.array(z.array(z.tuple([Lon, Lat])).min(4)).min(1)).nullable(),
});
export type AreaConfig = z.infer<typeof AreaConfig>;

/** An even grid over the bounds, for a city without boundaries at hand: rows A, B, ... from the north, columns 1, 2, ... from the west. */
export const AreaGrid = z.strictObject({ kind: Code, rows: z.int().min(1).max(26), columns: z.int().min(1).max(99) });

/** `city.json`: what the city is. */
export const CityFile = z.strictObject({
  title: Text,
  zone: z.string().refine(isZone, 'must be an IANA time zone like "Europe/Stockholm"'),
  language: z.string().refine(isLanguage, 'must be a BCP 47 language tag like "en" or "sv"'),
  bounds: Bounds,
  roads: RoadsSource,
  areas: z.array(AreaConfig.omit({ polygons: true })),
  grid: AreaGrid.nullable(),
  /** Who is phoned when somebody is in danger: "112". The form for reports says it beside everything urgent. */
  emergencyPhone: z.string().min(2).max(40).optional(),
});

export const SlotConfig = z.strictObject({ skills: z.array(Skill), plant: z.array(Plant) });

/** One kind of work. */
export const JobType = z.strictObject({
  code: Code,
  label: Text,
  /** One entry a crew that is needed at once; usually one. */
  slots: z.array(SlotConfig).min(1).max(4),
  minutes: z.int().min(1).max(1_440),
  /** 1 = at once, 4 = when there is time. */
  priority: Priority,
  dueHours: z.number().positive().max(8_760),
  /** What a completion must bring: photo, note, reading ... */
  proof: z.array(Code),
  /** Planned at once, in front of everything. */
  emergency: z.boolean(),
});
export type JobType = z.infer<typeof JobType>;

/** Pictures the form for reports has; what a city leaves out, or no picture fits, gets a neutral one. */
export const REPORT_PICTURES = [
  'hole',
  'water',
  'signal',
  'tree',
  'dumping',
  'drain',
  'light',
  'graffiti',
  'snow',
  'sidewalk',
  'sign',
  'vehicle',
  'animal',
  'bin',
  'bench',
  'question',
] as const;
export const ReportPicture = z.enum(REPORT_PICTURES);
export type ReportPicture = z.infer<typeof ReportPicture>;

/** One kind of report, as a source names it, and what work it means. */
export const RequestType = z.strictObject({
  code: Code,
  label: Text,
  /** In plain words, for who reports it: "A hole in the road or the cycle path". */
  hint: Text.optional(),
  picture: ReportPicture.optional(),
  /** The names that sources (CSV columns, Open311) use for it. */
  aliases: z.array(z.string().min(1)),
  /** Null: it is recorded and answered, but no crew drives out (a permit, a question). */
  jobType: Code.nullable(),
  organisation: Code,
});
export type RequestType = z.infer<typeof RequestType>;

/** `catalogue.json`: what is reported and what work that means. */
export const CatalogueFile = z.strictObject({ jobTypes: z.array(JobType).min(1), requestTypes: z.array(RequestType).min(1) });

export const Organisation = z.strictObject({ code: Code, name: Text });
export const Depot = z.strictObject({ code: Code, name: Text, organisation: Code, place: CityPoint });
export type Depot = z.infer<typeof Depot>;
export const Vehicle = z.strictObject({
  code: Code,
  kind: Code,
  organisation: Code,
  depot: Code,
  /** Plant that is part of it: a bucket, a plough. */
  plant: z.array(Plant),
});
export const PlantItem = z.strictObject({ code: Code, kind: Plant, organisation: Code, depot: Code });
/** A shift as it repeats; an end before the start is on the next day. */
export const ShiftPattern = z.strictObject({
  code: Code,
  label: Text,
  from: LocalTime,
  until: LocalTime,
  /** ISO weekdays, 1 = Monday, of the day it starts on. */
  weekdays: z.array(z.int().min(1).max(7)).min(1),
  /** A break of so many minutes that begins between the two times. */
  breaks: z.array(z.strictObject({ code: Code, earliest: LocalTime, latest: LocalTime, minutes: z.int().min(5).max(240) })),
  overtimeMinutes: z.int().min(0).max(480),
});
export type ShiftPattern = z.infer<typeof ShiftPattern>;
export const CrewConfig = z.strictObject({
  code: Code,
  name: Text,
  organisation: Code,
  depot: Code,
  skills: z.array(Skill),
  vehicle: Code,
  /** Plant items it takes along. */
  plant: z.array(Code),
  people: z.int().min(1).max(20),
  shift: Code,
});
export type CrewConfig = z.infer<typeof CrewConfig>;

/** `fleet.json`: who and what there is. The order of the crews counts: `--crews 18` takes the first 18. */
export const FleetFile = z.strictObject({
  organisations: z.array(Organisation).min(1),
  depots: z.array(Depot).min(1),
  vehicles: z.array(Vehicle),
  plant: z.array(PlantItem),
  shifts: z.array(ShiftPattern).min(1),
  crews: z.array(CrewConfig).min(1),
});

/** Reports of one type this near in space and time are one piece of work. */
export const ClusterRule = z.strictObject({ metres: z.number().min(0).max(5_000), hours: z.number().min(0).max(8_760) });
export type ClusterRule = z.infer<typeof ClusterRule>;
const PerPriority = <T extends z.ZodType>(value: T) => z.strictObject({ '1': value, '2': value, '3': value, '4': value });
const Price = z.int().min(0).max(1_000_000_000);

/** Prices in one currency: a second of travel costs `travelPerSecond`. Whole numbers, so that costs recompute exactly. */
export const WeightsConfig = z.strictObject({
  travelPerSecond: Price,
  overtimePerSecond: Price,
  changeOfCrew: Price,
  moveOfStartPerSecond: Price,
  startToleranceSeconds: z.int().min(0).max(86_400),
  brokenPromise: Price,
  useOfShift: Price,
  /** Starting a second after due. */
  latePerSecond: PerPriority(Price),
  /** Leaving a job out of a plan: so much at once, and so much for each hour it has waited already. */
  waiting: PerPriority(z.strictObject({ base: Price, perHour: Price })),
});

/** How plans are made; a city that says nothing gets these figures. */
export const PlanningLimits = z.strictObject({
  /** A draft is made by itself every `replanEveryMinutes`; otherwise only when somebody asks. */
  onTimer: z.boolean().default(false),
  /** How long the engine may look for a better plan while somebody waits. */
  budgetMillis: z.int().min(100).max(600_000).default(1_500),
  /** From so many jobs on a plan is made by zones, one a depot, each a job for any planner process; null: never. */
  zonesFromJobs: z.int().min(2).nullable().default(null),
  /** Changes of the plan in force that a new plan may make, unless whoever asks for it says otherwise; null: any number. */
  maxChanges: z.int().min(0).max(100_000).nullable().default(null),
  /** What stops it where time must not (recorded days), unless the request says otherwise. */
  iterations: z.int().min(0).max(1_000_000).default(3_000),
  /** Jobs in one plan at most; those that cost least to leave wait. */
  mostJobs: z.int().min(1).max(3_000).default(1_200),
  /** An emergency's lateness and waiting are so many times dearer. */
  emergencyFactor: z.int().min(1).max(1_000).default(10),
  /** Work that goes on longer than it should is expected to take this much more. */
  leastServiceSeconds: z.int().min(0).max(7_200).default(300),
});

/** What vehicles do that is told to the desk; a city that says nothing gets these figures. */
export const MovementLimits = z.strictObject({
  /** Standing longer than this while on duty, away from every stop of the shift and every depot, is told. */
  longStopSeconds: z.int().min(120).max(86_400).default(1_200),
  /** Farther than so many metres from the planned way, */
  offWayMetres: z.int().min(50).max(20_000).default(400),
  /** for longer than so many seconds, is told. */
  offWaySeconds: z.int().min(10).max(7_200).default(180),
  /** On duty, and no position for longer than this, is told. */
  silentSeconds: z.int().min(60).max(86_400).default(900),
  /** Faster than this (metres a second; 33 are 119 km/h), */
  speedLimitMps: z.number().min(1).max(100).default(33),
  /** for longer than so many seconds, is told. */
  speedingSeconds: z.int().min(5).max(3_600).default(20),
});

const SpreadSide = z.strictObject({
  baseSeconds: z.number().min(0).max(7_200),
  /** With each hour of predicted travel. */
  perHourSeconds: z.number().min(0).max(7_200),
});
/** How far from a predicted travel time the true one lies, nine times in ten. */
const EtaSpread = z.strictObject({
  /** What travel takes, in the middle, of what the source says. */
  travelFactor: z.number().min(0.2).max(5),
  early: SpreadSide,
  late: SpreadSide,
});

/**
 * How wide the interval of a time of arrival is. The spreads of a city that gives none are those of 44 municipal trucks, as
 * `npm run bench:eta` learns them; their factor is not: it is of those trucks' rounds.
 */
export const EtaPolicy = z.strictObject({
  osrm: EtaSpread.prefault({
    travelFactor: 1,
    early: { baseSeconds: 0, perHourSeconds: 2_280 },
    late: { baseSeconds: 196, perHourSeconds: 2_160 },
  }),
  estimate: EtaSpread.prefault({
    travelFactor: 1,
    early: { baseSeconds: 0, perHourSeconds: 2_340 },
    late: { baseSeconds: 384, perHourSeconds: 2_580 },
  }),
  /** Work takes between so much and so much of what was planned, nine times in ten: set by hand, no track says it. */
  serviceShare: z
    .strictObject({ least: z.number().min(0.05).max(1), most: z.number().min(1).max(10) })
    .prefault({ least: 0.7, most: 1.5 }),
});

/** `policy.json`: how the city wants it decided. */
export const Policy = z.strictObject({
  clusters: z.strictObject({ default: ClusterRule.nullable(), byJobType: z.record(Code, ClusterRule.nullable()) }),
  /** A stop whose departure is this near is sent to its crew and no longer moved. */
  freezeHorizonMinutes: z.int().min(0).max(1_440),
  replanEveryMinutes: z.int().min(1).max(1_440),
  weights: WeightsConfig,
  /** Days kept; null = for good. */
  retentionDays: z.strictObject({
    contacts: z.int().positive().nullable(),
    photos: z.int().positive().nullable(),
    /** Single fixes; then they are compacted into tracks. null: never. */
    fixes: z.int().positive().nullable(),
    /** Compacted tracks, and what was matched of them to roads. */
    tracks: z.int().positive().nullable(),
    /** Kilometres and hours of a vehicle's day. */
    vehicleDays: z.int().positive().nullable(),
    events: z.int().positive().nullable(),
    cases: z.int().positive().nullable(),
  }),
  /** A report further from any drivable road stays a case and never becomes a job with a made-up place. */
  maxMetresFromRoad: z.number().min(1).max(5_000),
  /** Older fixes are not where the crew is. */
  positionFreshSeconds: z.int().min(5).max(86_400),
  fence: z.strictObject({
    radiusMetres: z.number().min(5).max(2_000),
    minimumDwellSeconds: z.int().min(0).max(7_200),
    stampsArrival: z.boolean(),
  }),
  /** A crew that was asked to turn back and says nothing for this long has been told. */
  recallTimeoutSeconds: z.int().min(10).max(7_200),
  planning: PlanningLimits.prefault({}),
  movement: MovementLimits.prefault({}),
  eta: EtaPolicy.prefault({}),
});
export type Policy = z.infer<typeof Policy>;

/** `demand.json`, only where no real requests are at hand: how invented ones are spread. Labelled wherever they show. */
export const Demand = z.strictObject({
  perDay: z.int().min(1).max(100_000),
  /** Chance that a report is about something reported already, nearby. */
  duplicateShare: z.number().min(0).max(0.9),
  duplicateMetres: z.number().min(0).max(1_000),
  /** Relative frequency of each hour of the day, local time, midnight first. */
  hours: z.array(z.number().min(0)).length(24),
  /** Relative frequency of each request type. */
  shares: z.record(Code, z.number().min(0)),
});
export type Demand = z.infer<typeof Demand>;

/** A city as everything else sees it: all files of its folder, checked against each other. */
export const CityConfig = z.strictObject({
  /** The folder's name. */
  name: Code,
  title: CityFile.shape.title,
  zone: CityFile.shape.zone,
  language: CityFile.shape.language,
  bounds: Bounds,
  emergencyPhone: CityFile.shape.emergencyPhone,
  roads: RoadsSource,
  areas: z.array(AreaConfig),
  ...CatalogueFile.shape,
  ...FleetFile.shape,
  policy: Policy,
  demand: Demand.nullable(),
});
export type CityConfig = z.infer<typeof CityConfig>;

export type Tags = Readonly<Record<string, string>>;

/** OpenStreetMap's three kinds of thing, as far as we read them. Degrees. */
export interface OsmNode {
  readonly type: 'node';
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
  readonly tags?: Tags;
}
export interface OsmWay {
  readonly type: 'way';
  readonly id: number;
  readonly refs: readonly number[];
  readonly tags?: Tags;
}
export interface OsmMember {
  readonly type: 'node' | 'way' | 'relation';
  readonly ref: number;
  readonly role: string;
}
export interface OsmRelation {
  readonly type: 'relation';
  readonly id: number;
  readonly members: readonly OsmMember[];
  readonly tags?: Tags;
}
export type OsmElement = OsmNode | OsmWay | OsmRelation;

/** A file that can be read several times over, in whatever order it holds its elements. */
export interface OsmSource {
  readonly format: 'pbf' | 'xml' | 'geojson';
  readonly file: string;
  elements(): AsyncIterable<readonly OsmElement[]>;
}

/** The file is not what an import needs; the message says what it is and what to do. */
export class BadOsmFile extends Error {
  override readonly name = 'BadOsmFile';
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
    this.file = file;
  }
}

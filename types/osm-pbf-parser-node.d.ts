/** The package's own declarations do not name what a block holds; this does, for the one function we use. */
declare module 'osm-pbf-parser-node' {
  export type PbfElement =
    | { type: 'node'; id: number; lat: number; lon: number; tags?: Record<string, string> }
    | { type: 'way'; id: number; refs: number[]; tags?: Record<string, string> }
    | {
        type: 'relation';
        id: number;
        members: { type: 'node' | 'way' | 'relation'; ref: number; role: string }[];
        tags?: Record<string, string>;
      };

  /** Reads one inflated OSMData block; throws on anything that is not one. */
  export function parse(block: Buffer, options: { withTags: boolean; withInfo: boolean }): PbfElement[];
}

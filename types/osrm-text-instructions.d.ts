/** Written from the package's README and source: it publishes no types of its own. */
declare module 'osrm-text-instructions' {
  export interface CompileOptions {
    legIndex?: number;
    legCount?: number;
    classes?: string[];
    /** Said on arrival: "You have arrived at {waypointName}". */
    waypointName?: string;
    formatToken?: (token: string, value: string) => string;
  }

  export interface TextInstructions {
    /** Throws when the language is not loaded or the step has no maneuver. */
    compile(language: string, step: unknown, options?: CompileOptions): string;
    directionFromDegree(language: string, degree: number): string;
  }

  export default function osrmTextInstructions(version: 'v5'): TextInstructions;
}

declare module 'osrm-text-instructions/languages.js' {
  const languages: { readonly supportedCodes: readonly string[] };
  export default languages;
}

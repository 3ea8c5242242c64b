import { Problem } from './problem.ts';

/** No honest body nests deeper; beyond this some part of us that recurses would run out of stack. */
const MOST_DEPTH = 40;

/**
 * Parses a JSON body. NaN and Infinity are not JSON and so cannot come in.
 * @throws Problem 400 `not-utf8`, `malformed-json` (with line and column) or `too-deep`.
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, 'not-utf8', 'The body is not UTF-8 text; send JSON encoded as UTF-8.');
  }
  if (text.trim() === '') throw new Problem(400, 'malformed-json', 'The body is empty; send JSON.');
  if (depthBeyond(text, MOST_DEPTH)) {
    throw new Problem(400, 'too-deep', `The JSON is nested more than ${MOST_DEPTH} deep; nothing here needs that.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const fault = findJsonFault(text) ?? { at: text.length, expected: 'valid JSON' };
    const before = text.slice(0, fault.at).split('\n');
    const line = before.length;
    const column = before.at(-1)!.length + 1;
    const found = fault.at >= text.length ? 'the text ends' : `there is ${JSON.stringify(text[fault.at])}`;
    const sentence = `The JSON is malformed at line ${line}, column ${column}: ${found} where ${fault.expected} should be.`;
    throw new Problem(400, 'malformed-json', sentence, {
      fields: [{ path: '', message: `line ${line}, column ${column}: ${fault.expected} expected` }],
    });
  }
}

function depthBeyond(text: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 91 || c === 123) {
      if (++depth > most) return true;
    } else if (c === 93 || c === 125) depth--;
  }
  return false;
}

interface JsonFault {
  /** Index into the text. */
  readonly at: number;
  readonly expected: string;
}

class Fault extends Error {
  readonly at: number;
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

/**
 * Where the text stops being JSON, or null when it is JSON: the engine's own messages name no place for many
 * mistakes. Recursive, so only for text within the depth limit.
 */
export function findJsonFault(text: string): JsonFault | null {
  let i = 0;
  const space = () => {
    while (/[ \t\n\r]/.test(text[i] ?? '')) i++;
  };
  const fail = (expected: string): never => {
    throw new Fault(i, expected);
  };
  const sticky = (pattern: RegExp, expected: string) => {
    pattern.lastIndex = i;
    const found = pattern.exec(text);
    if (!found) return fail(expected);
    i += found[0].length;
    return undefined;
  };
  const string = () => {
    if (text[i] !== '"') fail('a name in double quotes');
    i++;
    for (;;) {
      const c = text[i];
      if (c === undefined) fail('the closing quote of a text');
      else if (c === '"') break;
      else if (c === '\\') sticky(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y, 'a valid escape');
      else if (c.charCodeAt(0) < 0x20) fail('a text without line breaks or control characters');
      else i++;
    }
    i++;
  };
  const members = (close: string, one: () => void) => {
    i++;
    space();
    if (text[i] === close) return void i++;
    for (;;) {
      space();
      one();
      space();
      if (text[i] === ',') i++;
      else if (text[i] === close) return void i++;
      else fail(`"," or "${close}"`);
    }
  };
  const value = (): void => {
    space();
    const c = text[i];
    if (c === '{') {
      members('}', () => {
        string();
        space();
        if (text[i] !== ':') fail('":"');
        i++;
        value();
      });
    } else if (c === '[') members(']', value);
    else if (c === '"') string();
    else if (c !== undefined && /[-0-9]/.test(c)) sticky(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y, 'a number');
    else sticky(/true|false|null/y, 'a value');
  };
  try {
    value();
    space();
    if (i < text.length) fail('the end');
    return null;
  } catch (error) {
    if (error instanceof Fault) return { at: error.at, expected: error.expected };
    throw error;
  }
}

import loader, { type Highs } from 'highs';

/** The package's types describe its CommonJS build, where the loader is a property; the module that runs is the loader itself. */
function isLoader(value: unknown): value is () => Promise<Highs> {
  return typeof value === 'function';
}

/**
 * HiGHS in this thread: WebAssembly, about 200 ms the first time. Its calls block the thread, and each model holds memory
 * that no garbage collection frees: use `withModel`.
 */
export function loadHighs(): Promise<Highs> {
  const candidate: unknown = loader;
  if (!isLoader(candidate)) throw new Error('highs gives no loader: wrong version?');
  return candidate();
}

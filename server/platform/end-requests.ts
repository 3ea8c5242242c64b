import type { Server } from 'node:http';

/** What still runs when the server closes may finish; then its connections are cut. */
const REQUESTS_MILLIS = 3_000;

/** `close` was called; waits for what is being answered, and not for ever. */
export async function endRequests(http: Server): Promise<void> {
  http.closeIdleConnections();
  const cut = setTimeout(() => http.closeAllConnections(), REQUESTS_MILLIS);
  while ((await connections(http)) > 0) {
    http.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  clearTimeout(cut);
}

const connections = (http: Server): Promise<number> =>
  new Promise((resolve) => http.getConnections((error, count) => resolve(error ? 0 : count)));

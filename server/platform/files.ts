import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Express, type Response } from 'express';
import { Problem } from './problem.ts';

export interface FilesOptions {
  /** The built screens (dist/ui); when they are not there, a page says how to build them. */
  readonly ui: string;
  /** Addresses that begin so are another audience's page than index.html; the first that fits is taken. */
  readonly pages?: readonly { readonly under: string; readonly file: string }[];
  /** The base map of the dataset in use, or null when none was imported. */
  readonly baseMap: () => string | null;
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Thuma</title>
<p>The server runs, its screens are not built. Start it with <code>npm run demo</code>.
<p><a href="/api/status">Status</a>, <a href="/api/openapi.json">API description</a>`;

/** Addresses that are never a screen. */
const NO_SCREEN = /^\/(?:api|health|metrics|tiles|assets|socket\.io)(?:\/|$)/;

/** Serves /tiles/city.pmtiles (with ranges) and the screens, gzipped where the build has packed them and the browser takes that; a page an audience answers every address of its own. */
export function serveFiles(options: FilesOptions): (app: Express) => void {
  return (app) => {
    app.get('/tiles/city.pmtiles', (_req, res, next) => {
      const file = options.baseMap();
      if (file === null)
        throw new Problem(404, 'no-base-map', 'No base map was imported for this city yet (npm run city -- import).');
      // Replaced whole by an import: the entity tag changes, and the map reads its directory anew.
      res.sendFile(
        path.basename(file),
        {
          root: path.dirname(file),
          dotfiles: 'allow',
          etag: true,
          cacheControl: false,
          headers: { 'Cache-Control': 'public, max-age=300' },
        },
        (error) => (error ? next(missing(error)) : undefined),
      );
    });
    app.get('/assets/:name', (req, res, next) => {
      const { name } = req.params;
      if (!/^[\w.-]+\.(?:js|css)$/.test(name)) return next();
      res.vary('Accept-Encoding');
      const packed = path.join(options.ui, 'assets', `${name}.gz`);
      if (!req.acceptsEncodings('gzip') || !existsSync(packed)) return next();
      cacheForever(res, packed);
      res.type(path.extname(name)).set('Content-Encoding', 'gzip');
      res.sendFile(`assets/${name}.gz`, { root: options.ui, dotfiles: 'allow', etag: true, cacheControl: false }, (error) =>
        error ? next(missing(error)) : undefined,
      );
    });
    app.use(express.static(options.ui, { index: false, redirect: false, etag: true, setHeaders: cacheForever }));
    app.use((req, res, next) => {
      if ((req.method !== 'GET' && req.method !== 'HEAD') || NO_SCREEN.test(req.path)) return next();
      if (!req.accepts('html') || path.extname(req.path) !== '') return next();
      res.set('Cache-Control', 'no-cache');
      const page = options.pages?.find(({ under }) => req.path.startsWith(under))?.file ?? 'index.html';
      if (!existsSync(path.join(options.ui, page))) return void res.type('html').send(NOT_BUILT);
      res.sendFile(page, { root: options.ui, dotfiles: 'allow', etag: true, cacheControl: false }, (error) =>
        error ? next(missing(error)) : undefined,
      );
    });
  };
}

/** Names in assets/ hold a hash of their content. */
function cacheForever(res: Response, file: string): void {
  const hashed = path.basename(path.dirname(file)) === 'assets';
  res.set('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** A range beyond the end keeps its 416; a file that is gone is a 404; a reader that left is nobody's error. */
function missing(error: Error): Error {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 404;
  if (status === 416) return new Problem(416, 'range-not-there', 'The file is shorter than the range asked for.');
  return status === 404 ? new Problem(404, 'no-such-file', 'This file is not there.', { cause: error }) : error;
}

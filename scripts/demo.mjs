// `npm run demo`: needs nothing but Node and npm. Fetches the packages when they are missing or stale, then becomes the demo.
process.argv.splice(2, 0, 'scripts/demo-city.ts');
await import('./run.mjs');

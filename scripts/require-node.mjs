// Imported first by every command, before anything an older Node could not read: a module is evaluated after those it imports.
const FLOOR = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1])) {
  console.error(
    `Thuma needs Node ${FLOOR.join('.')} or newer; this is ${process.versions.node}. Install a newer one (https://nodejs.org) and try again.`,
  );
  process.exit(1);
}

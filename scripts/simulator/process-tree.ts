/** A process as the process table shows it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly rssKilobytes: number;
  readonly command: string;
}

/** The lines of `ps -A -o pid=,ppid=,rss=,args=`. */
export function readProcessTable(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    if (found === null) return [];
    return [{ pid: Number(found[1]), parent: Number(found[2]), rssKilobytes: Number(found[3]), command: found[4]!.trim() }];
  });
}

/**
 * The processes that descend from `root`, and those that work in `folder` (named in their command) with their own
 * descendants: a server that outlived the one who started it belongs to it all the same.
 */
export function treeOf(table: readonly ProcessRow[], root: number, folder: string): ProcessRow[] {
  const children = new Map<number, ProcessRow[]>();
  for (const row of table) children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  const found = new Map<number, ProcessRow>();
  const take = (row: ProcessRow): void => {
    if (found.has(row.pid)) return;
    found.set(row.pid, row);
    for (const child of children.get(row.pid) ?? []) take(child);
  };
  for (const row of table) if (row.pid === root || row.command.includes(folder)) take(row);
  return [...found.values()];
}

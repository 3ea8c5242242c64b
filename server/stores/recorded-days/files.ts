import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../platform/problem.ts';
import { RecordedDay, RecordedDayName, type RecordedDayListed } from './contract.ts';

/** Where recorded days lie in THUMA_HOME. */
export const recordedDaysFolder = (home: string): string => path.join(home, 'days');

/** The name of a day's file, and its address. The same day and seed played again takes its place. */
export const recordedDayName = (city: string, date: string, seed: number): string =>
  RecordedDayName.parse(`${city}-${date}-seed${seed}`);

/** Keeps a day; whoever reads meanwhile sees the old one or the new one whole. @returns the file. */
export async function keepRecordedDay(folder: string, day: RecordedDay): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${RecordedDayName.parse(day.name)}.json`);
  await writeFile(`${file}.new`, `${JSON.stringify(day)}\n`);
  await rename(`${file}.new`, file);
  return file;
}

/** @throws Problem 404 `no-such-recorded-day`, 409 `recorded-day-unreadable`. */
export async function getRecordedDay(folder: string, name: string): Promise<RecordedDay> {
  let text: string;
  try {
    text = await readFile(path.join(folder, `${RecordedDayName.parse(name)}.json`), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Problem(
      404,
      'no-such-recorded-day',
      `There is no recorded day ${name} here. The page of all days lists those there are.`,
    );
  }
  const day = parsed(text);
  if (day?.name === name) return day;
  throw new Problem(
    409,
    'recorded-day-unreadable',
    `The file of the recorded day ${name} is damaged or of another version. Play the day again.`,
  );
}

function parsed(text: string): RecordedDay | null {
  try {
    return RecordedDay.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** More than anybody compares; each is a file of megabytes. */
const MOST_DAYS = 100;

/** Lists the days of a folder, newest file first; what was read of an unchanged file is kept. */
export function recordedDaysIn(folder: string): () => Promise<RecordedDayListed[]> {
  const known = new Map<string, { readonly changed: number; readonly listed: RecordedDayListed }>();
  return async () => {
    const files = await filesOf(folder);
    const days: RecordedDayListed[] = [];
    for (const { name, changed } of files.slice(0, MOST_DAYS)) {
      const before = known.get(name);
      const listed = before?.changed === changed ? before.listed : await list(folder, name);
      known.set(name, { changed, listed });
      days.push(listed);
    }
    return days;
  };
}

async function filesOf(folder: string): Promise<{ name: string; changed: number }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files: { name: string; changed: number }[] = [];
  for (const file of names) {
    const name = RecordedDayName.safeParse(file.replace(/\.json$/, ''));
    if (!file.endsWith('.json') || !name.success) continue;
    files.push({ name: name.data, changed: (await stat(path.join(folder, file))).mtimeMs });
  }
  return files.sort((a, b) => b.changed - a.changed || (a.name < b.name ? -1 : 1));
}

async function list(folder: string, name: string): Promise<RecordedDayListed> {
  const day = await getRecordedDay(folder, name).catch((error: unknown) => {
    if (error instanceof Problem) return null;
    throw error;
  });
  if (day === null) return { name, figures: null };
  const { figures } = day;
  return {
    name,
    figures: {
      cityTitle: day.cityTitle,
      date: day.date,
      seed: day.seed,
      reports: figures.requests.inDay,
      done: figures.done.jobs,
      late: figures.late.jobs,
      notToday: figures.notToday,
      crews: figures.crews.count,
      holds: Object.values(figures.invariants).every((holds) => holds),
    },
  };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readCsv, type CsvRow } from './read-csv.ts';
import { UnreadableFile } from './unreadable-file.ts';

describe('readCsv', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-csv-'));
  after(() => rmSync(folder, { recursive: true }));

  async function read(content: string | Buffer): Promise<CsvRow[]> {
    const file = path.join(folder, 'requests.csv');
    writeFileSync(file, content);
    const rows: CsvRow[] = [];
    for await (const row of readCsv(file)) rows.push(row);
    return rows;
  }
  async function refusal(content: string | Buffer): Promise<UnreadableFile> {
    const error: unknown = await read(content).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UnreadableFile);
    return error as UnreadableFile;
  }

  it('gives each record with the line it starts on, over quoted line breaks and blank lines', async () => {
    const rows = await read('id,words\r\n1,"two\nlines, and ""quotes"""\r\n\r\n2,plain\r\n');
    expect(rows).to.deep.equal([
      { line: 1, cells: ['id', 'words'] },
      { line: 2, cells: ['1', 'two\nlines, and "quotes"'] },
      { line: 5, cells: ['2', 'plain'] },
    ]);
  });

  it('drops the UTF-8 mark of spreadsheets and finds the separator', async () => {
    expect(await read('\ufeffid;street, number;note\n1;Möllegränd 2;\n')).to.deep.equal([
      { line: 1, cells: ['id', 'street, number', 'note'] },
      { line: 2, cells: ['1', 'Möllegränd 2', ''] },
    ]);
  });

  it('says where a quote was opened and never closed', async () => {
    const error = await refusal('id,words\n1,fine\n2,"open\n3,more\n');
    expect(error.place).to.deep.equal({ line: 3, column: 2 });
    expect(error.message).to.contain('line 3, column 2').and.to.contain('never closed');
  });

  it('finds an unclosed quote in a long file without reading it all into memory', async () => {
    const error = await refusal(`id,words\n1,"open\n${'2,more of it\n'.repeat(60_000)}`);
    expect(error.place).to.deep.equal({ line: 2, column: 2 });
  });

  it('says where a quote stands inside text', async () => {
    expect((await refusal('id,words\n1,6" pipe\n')).place).to.deep.equal({ line: 2, column: 2 });
    expect((await refusal('id,words\n1,"6" pipe"\n')).place).to.deep.equal({ line: 2, column: 2 });
  });

  it('refuses other encodings rather than garble them, also far into the file', async () => {
    const error = await refusal(
      Buffer.concat([Buffer.from('id,words\n' + '1,fine\n'.repeat(20_000)), Buffer.from('2,caf\xe9\n', 'latin1')]),
    );
    expect(error.place.line).to.equal(20_002);
  });

  it('refuses what is not there, is empty or is a folder with a sentence', async () => {
    expect((await refusal('')).message).to.contain('is empty');
    const missing: unknown = await readCsv(path.join(folder, 'none.csv'))
      .next()
      .catch((thrown: unknown) => thrown);
    expect((missing as Error).message).to.contain('cannot be opened');
    const directory: unknown = await readCsv(folder)
      .next()
      .catch((thrown: unknown) => thrown);
    expect((directory as Error).message).to.contain('is a folder');
  });

  it('leaves no file open when the reader stops early', async () => {
    const file = path.join(folder, 'long.csv');
    writeFileSync(file, 'id,words\n' + '1,fine\n'.repeat(50_000));
    for await (const row of readCsv(file)) if (row.line === 10) break;
    rmSync(file);
  });
});

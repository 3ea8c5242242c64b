import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { BadConfig, readConfig } from './config.ts';

describe('config', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).to.deep.equal({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      database: null,
      mqttUrl: null,
      redisUrl: null,
      osrmUrl: null,
      home: path.resolve('.thuma'),
      city: 'gothenburg',
      clock: 'real',
      clockStart: null,
      seed: null,
      publicUrl: null,
      allowedOrigins: [],
      logLevel: 'info',
      trustProxy: 0,
      rateLimits: true,
      planInServer: true,
    });
  });

  it('names everything that is wrong at once', () => {
    const env = {
      PORT: 'many',
      DATABASE_URL: 'mysql://x',
      OSRM_URL: 'router',
      THUMA_CITY: '../etc',
      THUMA_CLOCK: 'simulated',
      PUBLIC_URL: 'ftp://x',
      ALLOWED_ORIGINS: 'https://good.example, https://bad.example/path',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: '-1',
    };
    try {
      readConfig(env);
      expect.fail('it was taken');
    } catch (error) {
      expect(error).to.be.instanceOf(BadConfig);
      const { message } = error as BadConfig;
      for (const name of Object.keys(env).filter((key) => key !== 'THUMA_CLOCK')) expect(message).to.contain(`\n  ${name} `);
      expect(message).to.contain('THUMA_CLOCK_START is missing').and.contain('bad.example').and.not.contain('good.example');
    }
  });

  it('takes a simulated clock with its start, and what is empty as not set', () => {
    const config = readConfig({
      THUMA_CLOCK: 'simulated',
      THUMA_CLOCK_START: '2026-01-27T00:00:00-05:00',
      DATABASE_URL: ' ',
      THUMA_SEED: '7',
    });
    expect(config.clockStart?.toISOString()).to.equal('2026-01-27T05:00:00.000Z');
    expect([config.databaseUrl, config.seed]).to.deep.equal([null, 7]);
  });

  it('is all in .env.example, and nothing else is', () => {
    const example = readFileSync(path.join(import.meta.dirname, '../../.env.example'), 'utf8');
    const named = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
    const source = readFileSync(path.join(import.meta.dirname, 'config.ts'), 'utf8');
    const read = [...source.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
    expect(named).to.have.members(read);
  });
});

import { describe, expect, it } from 'vitest';

import { parseAccount, parseOverview, parseUnit, score } from '../src/index.ts';
import { smallAccount, smallOverview, smallUnit } from './small-data.ts';

const text = (value: unknown) => JSON.stringify(value);

describe('the data of the dashboard', () => {
  it('reads an overview, a unit and an account of one snapshot', () => {
    const overview = parseOverview(text(smallOverview));
    expect(overview).toEqual(smallOverview);
    expect(parseUnit(text(smallUnit), 0, overview)).toEqual(smallUnit);
    expect(parseAccount(text(smallAccount), 0, overview)).toEqual(smallAccount);
  });

  it('says which release opens data of a newer schema', () => {
    expect(() => parseOverview(text({ ...smallOverview, schemaVersion: 2 }))).toThrow(
      'overview.json has schema 2, and this page reads 1: a newer release wrote it. Open it with the command of that release.',
    );
  });

  it('says how to read data of an older schema', () => {
    expect(() => parseOverview(text({ schemaVersion: 0 }))).toThrow(
      /an older release wrote it. To open it here, write the data again/,
    );
  });

  it('names the file that is no JSON, the member that is malformed and what to do', () => {
    expect(() => parseOverview('{"schemaVersion": 1, ')).toThrow(
      'overview.json is broken: it is not JSON. To repair it, write the data again with this release.',
    );
    expect(() => parseOverview('[]')).toThrow('overview.json is broken: it has no schema version');
    expect(() => parseOverview(text({ ...smallOverview, units: ['Root', 7] }))).toThrow(
      'overview.json is broken: units: must be a list of texts',
    );
  });

  it('refuses columns of different lengths and a matrix of the wrong size', () => {
    const { accounts, matrix } = smallOverview;
    expect(() => parseOverview(text({ ...smallOverview, accounts: { ...accounts, id: [] } }))).toThrow(
      'accounts: has columns of different lengths',
    );
    const matrixOfTwo = Object.fromEntries(Object.keys(matrix).map((state) => [state, [1, 2]]));
    expect(() => parseOverview(text({ ...smallOverview, matrix: matrixOfTwo }))).toThrow(
      'matrix has 2 rows instead of 1',
    );
  });

  it('asks to reload the page when a file is of another snapshot', () => {
    const renewed = text({ ...smallUnit, asOf: smallUnit.asOf + 60 });
    expect(() => parseUnit(renewed, 0, smallOverview)).toThrow(/Reload the page/);
  });

  it('refuses the file of another account', () => {
    expect(() => parseAccount(text({ ...smallAccount, account: '999999999999' }), 0, smallOverview)).toThrow(
      'account/0.json is broken: it is about account 999999999999',
    );
  });
});

describe('the score', () => {
  const counts = { compliant: 0, violating: 0, exempt: 0, excluded: 0, unknown: 0 };

  it('is rounded down, so that 100 means every resource', () => {
    expect(score({ ...counts, compliant: 999, violating: 1 })).toBe(99);
    expect(score({ ...counts, compliant: 999 })).toBe(100);
  });

  it('counts what is unknown against, and leaves exempt and excluded resources out', () => {
    expect(score({ ...counts, compliant: 1, unknown: 1 })).toBe(50);
    expect(score({ ...counts, compliant: 1, exempt: 5, excluded: 5 })).toBe(100);
  });

  it('is undefined without a judged resource', () => {
    expect(score({ ...counts, exempt: 3 })).toBeUndefined();
  });
});

import { execFileSync } from 'node:child_process';
import {
  appendFile,
  copyFile,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { describe, expect, onTestFinished, test } from 'vitest';

import { folderStore, keep, localSigner, newPrivateKey, verify } from '../src/index.ts';
import { gunzipOne, gzip } from '../src/format/gzip.ts';
import { headBytes, parseHead } from '../src/format/head.ts';
import { manifestBytes, parseManifest } from '../src/format/manifest.ts';
import { describeLines } from '../src/format/part.ts';
import { sha256 } from '../src/format/sha256.ts';
import { at, FIRST, hourAfter, openKeeper, sealedDay, verdict } from './organization.ts';

type Day = Awaited<ReturnType<typeof sealedDay>>;

const head = (hour: number, suffix = '.json') => `heads/dt=2026-11-29/hour=${hour}${suffix}`;
const manifest = (hour: number) => `manifests/dt=2026-11-29/hour=${hour}.json`;
const taken = (hour: number) => `taken/dt=2026-11-29/hour=${hour}.json`;
const signature = (day: Day, hour: number) => head(hour, `.${day.fingerprint.slice(0, 16)}.sig`);

const partsOf = async (day: Day, hour: number) =>
  parseManifest(await readFile(join(day.folders.sealed, manifest(hour)))).parts;

const partOf = async (day: Day, hour: number) => {
  const [part] = await partsOf(day, hour);
  if (!part) throw new Error(`No part in hour ${hour}.`);
  return { ...part, path: join(day.folders.sealed, part.key) };
};

const takenOf = async (day: Day, hour: number) =>
  parseManifest(await readFile(join(day.folders.sealed, manifest(hour)))).taken[0]?.key ?? '';

/** Deletes every object of an hour. */
const deleteHour = async (day: Day, hour: number) => {
  const keys = [
    ...(await partsOf(day, hour)).map(({ key }) => key),
    head(hour),
    manifest(hour),
    signature(day, hour),
  ];
  for (const key of keys) await rm(join(day.folders.sealed, key));
};

const swap = async (day: Day, a: string, b: string) => {
  const [first, second] = [a, b].map((key) => join(day.folders.sealed, key));
  await rename(String(first), `${first}.swapped`);
  await rename(String(second), String(first));
  await rename(`${first}.swapped`, String(second));
};

/** Edits an event, and makes part, manifest and head follow from it; without the key, the signature cannot. */
const editAndReseal = async (day: Day, hour: number, { withHead }: { readonly withHead: boolean }) => {
  const { path, key } = await partOf(day, hour);
  const bytes = Buffer.from(
    gunzipSync(await readFile(path))
      .toString('utf8')
      .replace('"ada"', '"eve"'),
  );
  await writeFile(path, gzipSync(bytes));
  const { bytes: _, ...figures } = describeLines(bytes);
  const manifestPath = join(day.folders.sealed, manifest(hour));
  const former = parseManifest(await readFile(manifestPath));
  const parts = former.parts.map((part) =>
    part.key === key ? { ...part, ...figures, bytes: bytes.length } : part,
  );
  const edited = manifestBytes({ ...former, parts });
  await writeFile(manifestPath, edited);
  if (!withHead) return;
  const headPath = join(day.folders.sealed, head(hour));
  await writeFile(headPath, headBytes({ ...parseHead(await readFile(headPath)), manifest: sha256(edited) }));
};

const VERDICTS = /class=verdicts\/dt=2026-11-29\/hour=11\/part-[0-3][0-9a-f]\.ndjson\.gz$/;
const ANY = /class=(actions|verdicts)\/dt=2026-11-29\/hour=11\/part-[0-3][0-9a-f]\.ndjson\.gz$/;

const MUTATIONS: readonly {
  readonly name: string;
  readonly mutate: (day: Day) => Promise<unknown>;
  readonly place: RegExp;
  readonly what: RegExp;
}[] = [
  {
    name: 'an hour deleted',
    mutate: (day) => deleteHour(day, 12),
    place: /hour=12\.json$/,
    what: /^This hour is missing\.$/,
  },
  {
    name: 'two hours in a row deleted',
    mutate: async (day) => {
      await deleteHour(day, 11);
      await deleteHour(day, 12);
    },
    place: /hour=11\.json$/,
    what: /^The hours from 2026-11-29T11 to 2026-11-29T12 are missing\.$/,
  },
  {
    name: 'the last hour deleted',
    mutate: (day) => deleteHour(day, 15),
    place: /hour=15\.json$/,
    what: /^This hour is missing\.$/,
  },
  {
    name: 'the first hour deleted',
    mutate: (day) => deleteHour(day, 10),
    place: /hour=11\.json$/,
    what: /^What was sealed before it is missing, back to the first head\./,
  },
  {
    name: 'an empty head',
    mutate: (day) => truncate(join(day.folders.sealed, head(11))),
    place: /heads\/dt=2026-11-29\/hour=11\.json$/,
    what: /^It is empty\.$/,
  },
  {
    name: 'a manifest that is no JSON',
    mutate: (day) => writeFile(join(day.folders.sealed, manifest(11)), 'Mine.'),
    place: /manifests\/dt=2026-11-29\/hour=11\.json$/,
    what: /^It is not JSON\. /,
  },
  {
    name: 'an empty public key',
    mutate: (day) => truncate(join(day.folders.sealed, `keys/${day.fingerprint}.pem`)),
    place: /heads\/dt=2026-11-29\/hour=10\.json$/,
    what: /^The public key that it names cannot be read: .*keys\/[0-9a-f]{64}\.pem\. /,
  },
  {
    name: 'a list of intake objects of a class that is none',
    mutate: (day) =>
      writeFile(join(day.folders.sealed, 'taken/dt=2026-11-29/hour=11/others-0a.txt.gz'), gzipSync('')),
    place: /taken\/dt=2026-11-29\/hour=11\/others-0a\.txt\.gz$/,
    what: /^It is foreign: no manifest names it\.$/,
  },
  {
    name: 'two heads swapped',
    mutate: async (day) => {
      await swap(day, head(11), head(12));
      await swap(day, signature(day, 11), signature(day, 12));
    },
    place: /hour=11\.json$/,
    what: /^It is the head of 2026-11-29T12\.$/,
  },
  {
    name: 'two manifests swapped',
    mutate: (day) => swap(day, manifest(11), manifest(12)),
    place: /manifests\/.*hour=11\.json$/,
    what: /^It is the manifest of 2026-11-29T12\.$/,
  },
  {
    name: 'two parts swapped',
    mutate: async (day) => swap(day, (await partOf(day, 11)).key, (await partOf(day, 12)).key),
    place: ANY,
    what: /^It was altered: (its lines are not those of its manifest|its content has more than|it has \d+ bytes)/,
  },
  {
    name: 'an empty hour replaced by a copy of another',
    mutate: async (day) =>
      copyFile(join(day.folders.sealed, manifest(12)), join(day.folders.sealed, manifest(13))),
    place: /manifests\/.*hour=13\.json$/,
    what: /^It is the manifest of 2026-11-29T12\.$/,
  },
  {
    name: 'bytes appended after the first gzip member',
    mutate: async (day) => appendFile((await partOf(day, 11)).path, 'more'),
    place: ANY,
    what: /^4 bytes follow the first gzip member\.$/,
  },
  {
    name: 'an empty second gzip member appended',
    mutate: async (day) => appendFile((await partOf(day, 11)).path, gzipSync('')),
    place: ANY,
    what: /^\d+ bytes follow the first gzip member\.$/,
  },
  {
    name: 'a line appended as a second gzip member',
    mutate: async (day) => appendFile((await partOf(day, 11)).path, gzipSync('{}\n')),
    place: ANY,
    what: /^\d+ bytes follow the first gzip member\.$/,
  },
  {
    name: 'a flipped byte',
    mutate: async (day) => {
      const { path } = await partOf(day, 11);
      const bytes = await readFile(path);
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
    place: ANY,
    what: /^(Its compressed content is damaged\.|It was altered: |It ends too early|\d+ bytes follow|Its gzip trailer)/,
  },
  {
    name: 'a flipped byte of the gzip trailer',
    mutate: async (day) => {
      const { path } = await partOf(day, 11);
      const bytes = await readFile(path);
      bytes[bytes.length - 8] = (bytes.at(-8) ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
    place: ANY,
    what: /^Its gzip trailer does not fit its content\.$/,
  },
  {
    name: 'a time in the gzip header of a list of intake objects',
    mutate: async (day) => {
      const path = join(day.folders.sealed, await takenOf(day, 11));
      const bytes = await readFile(path);
      bytes[4] = 1;
      await writeFile(path, bytes);
    },
    place: /taken\/.*hour=11\//,
    what: /^Its gzip header is not the one that the keeper writes\.$/,
  },
  {
    name: 'a part compressed again with one line more',
    mutate: async (day) => {
      const { path } = await partOf(day, 11);
      await writeFile(path, gzipSync(Buffer.concat([gunzipSync(await readFile(path)), Buffer.from('{}\n')])));
    },
    place: ANY,
    what: /^It was altered: its content has more than \d+ bytes\./,
  },
  {
    name: 'a part deleted',
    mutate: async (day) => rm((await partOf(day, 11)).path),
    place: ANY,
    what: /^It is missing, or archived\.$/,
  },
  {
    name: 'a list of intake objects replaced by another',
    mutate: async (day) => swap(day, await takenOf(day, 11), await takenOf(day, 12)),
    place: /taken\/.*hour=11\//,
    what: /^Its keys are not those of its manifest\.$/,
  },
  {
    name: 'the list of these lists edited',
    mutate: async (day) => {
      const path = join(day.folders.sealed, taken(11));
      await writeFile(path, (await readFile(path, 'utf8')).replace('"objects":1', '"objects":2'));
    },
    place: /taken\/.*hour=11\.json$/,
    what: /^It was altered: its manifest says that something else was taken\.$/,
  },
  {
    name: 'the list of these lists deleted',
    mutate: async (day) => rm(join(day.folders.sealed, taken(11))),
    place: /taken\/.*hour=11\.json$/,
    what: /^There is no .*, or it is archived\.$/,
  },
  {
    name: 'a head of a gigabyte',
    mutate: async (day) => truncate(join(day.folders.sealed, head(11)), 2 ** 30),
    place: /heads\/.*hour=11\.json$/,
    what: /^It has more than 4096 bytes: .*$/,
  },
  {
    name: 'a part of a gigabyte',
    mutate: async (day) => truncate((await partOf(day, 11)).path, 2 ** 30),
    place: ANY,
    what: /^It has more than \d+ bytes: .*$/,
  },
  {
    name: 'a foreign object that is called like a draft',
    mutate: async (day) => writeFile(`${(await partOf(day, 11)).path}.draft`, ''),
    place: /\.ndjson\.gz\.draft$/,
    what: /^It is foreign: no manifest names it\.$/,
  },
  {
    name: 'a foreign object among the parts',
    mutate: async (day) => {
      const { path } = await partOf(day, 11);
      await copyFile(path, path.replace('part-', 'late-'));
    },
    place: /late-[0-3][0-9a-f]\.ndjson\.gz$/,
    what: /^It is foreign: no manifest names it\.$/,
  },
  ...[
    'class=verdicts/dt=2026-11-29/hour=99/part-00.ndjson.gz',
    'class=verdicts/dt=2026-11-28/hour=11/part-00.ndjson.gz',
    'class=evil/dt=2026-11-29/hour=11/part-00.ndjson.gz',
    'manifests/dt=2026-11-28/hour=11.json',
    'taken/dt=2026-11-29/hour=11/more.txt.gz',
    'taken/dt=2026-11-28/hour=11.json',
    'heads/dt=2026-11-29/hour=77.json',
    'heads/dt=2027-99-99/hour=12.json',
  ].map((key) => ({
    name: `a foreign object ${key}`,
    mutate: async (day: Day) => {
      const path = join(day.folders.sealed, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, '');
    },
    place: new RegExp(`${key.replaceAll('.', '\\.')}$`),
    what: /^It is foreign: no manifest names it\.$/,
  })),
  {
    name: 'a part that is a link to a device',
    mutate: async (day) => {
      const { path } = await partOf(day, 11);
      await rm(path);
      await symlink('/dev/zero', path);
    },
    place: ANY,
    what: /^It is no file: /,
  },
  {
    name: 'a part that is a pipe',
    mutate: async (day) => {
      const { path } = await partOf(day, 11);
      await rm(path);
      execFileSync('mkfifo', [path]);
    },
    place: ANY,
    what: /^It is no file: /,
  },
  {
    name: 'the folder of the heads replaced by a file',
    mutate: async (day) => {
      const path = join(day.folders.sealed, 'heads');
      await rm(path, { recursive: true });
      await writeFile(path, '');
    },
    place: /heads\/.*hour=15\.json$/,
    what: /^This hour is missing\.$/,
  },
  {
    name: 'the folder of the verdicts replaced by a file',
    mutate: async (day) => {
      const path = join(day.folders.sealed, 'class=verdicts');
      await rm(path, { recursive: true });
      await writeFile(path, '');
    },
    place: /class=verdicts\/.*hour=10\/.*\.ndjson\.gz$/,
    what: /^It is missing, or archived\.$/,
  },
  {
    name: 'a head that is a pipe',
    mutate: async (day) => {
      const path = join(day.folders.sealed, head(11));
      await rm(path);
      execFileSync('mkfifo', [path]);
    },
    place: /heads\/.*hour=11\.json$/,
    what: /^It is no file: /,
  },
  {
    name: 'a manifest that names a part outside',
    mutate: async (day) => {
      const path = join(day.folders.sealed, manifest(11));
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace((await partOf(day, 11)).key, '../../dev/zero'));
    },
    place: /manifests\/.*hour=11\.json$/,
    what: /^It names an object where none of its own can be: /,
  },
  {
    name: 'a signature by a foreign key',
    mutate: async (day) => {
      const foreign = localSigner(newPrivateKey());
      const bytes = await readFile(join(day.folders.sealed, head(12)));
      await writeFile(join(day.folders.sealed, signature(day, 12)), await foreign.sign(bytes));
    },
    place: /hour=12\.json$/,
    what: /^It was altered: the signature by [0-9a-f]{64} does not match\.$/,
  },
  {
    name: 'a head by a foreign key',
    mutate: async (day) => {
      const foreign = localSigner(newPrivateKey());
      const path = join(day.folders.sealed, head(12));
      const bytes = headBytes({ ...parseHead(await readFile(path)), keyId: foreign.publicKey.fingerprint });
      await writeFile(path, bytes);
      const { fingerprint, pem } = foreign.publicKey;
      await writeFile(
        join(day.folders.sealed, head(12, `.${fingerprint.slice(0, 16)}.sig`)),
        await foreign.sign(bytes),
      );
      await writeFile(join(day.folders.sealed, `keys/${fingerprint}.pem`), pem);
    },
    place: /hour=12\.json$/,
    what: /^It is signed by another key than the head before, [0-9a-f]{64}, and not by the former one as well\.$/,
  },
  {
    name: 'the public key replaced',
    mutate: async (day) =>
      writeFile(
        join(day.folders.sealed, `keys/${day.fingerprint}.pem`),
        localSigner(newPrivateKey()).publicKey.pem,
      ),
    place: /hour=10\.json$/,
    what: /^The public key that it names is another one: /,
  },
  {
    name: 'a byte appended to the public key',
    mutate: async (day) => appendFile(join(day.folders.sealed, `keys/${day.fingerprint}.pem`), '\n'),
    place: /hour=10\.json$/,
    what: /^The public key that it names is another one: /,
  },
  {
    name: 'the public key deleted',
    mutate: async (day) => rm(join(day.folders.sealed, `keys/${day.fingerprint}.pem`)),
    place: /hour=10\.json$/,
    what: /^The public key that it names is missing: /,
  },
  {
    name: 'an event edited, with a part and a manifest that follow',
    mutate: (day) => editAndReseal(day, 11, { withHead: false }),
    place: /manifests\/.*hour=11\.json$/,
    what: /^It was altered: it is not the manifest that was signed\.$/,
  },
  {
    name: 'an event edited, with a part, a manifest and a head that follow',
    mutate: (day) => editAndReseal(day, 11, { withHead: true }),
    place: /heads\/.*hour=11\.json$/,
    what: /^It was altered: the signature by [0-9a-f]{64} does not match\.$/,
  },
  {
    name: 'everything sealed and signed again with a new key',
    mutate: async (day) => {
      await rm(day.folders.sealed, { recursive: true });
      await keep({ ...day.keeper, signer: localSigner(newPrivateKey()), checkpoints: EMPTY }, at(380), {
        firstHour: FIRST,
      });
    },
    place: /hour=15\.json$/,
    what: /^Everything is signed by another key than [0-9a-f]{64}: by [0-9a-f]{64}\.$/,
  },
];

const EMPTY = { read: async () => new Map<string, never>(), record: async () => {} };

describe('verify names the first thing that is broken, and what it is', () => {
  test.each(MUTATIONS)('$name', async ({ mutate, place, what }) => {
    const day = await sealedDay();
    expect((await day.verify(6)).problem).toBeUndefined();
    await mutate(day);
    const { problem } = await day.verify(6);
    expect(problem?.place).toMatch(place);
    expect(problem?.what).toMatch(what);
  });
});

test('one flipped byte anywhere in a part or in a list of intake objects is refused, or changes what it says', async () => {
  const day = await sealedDay();
  for (const path of [(await partOf(day, 11)).path, join(day.folders.sealed, await takenOf(day, 11))]) {
    const original = await readFile(path);
    const content = gunzipOne(original, 2 ** 20);
    const passed = [...original.keys()].filter((position) => {
      const bytes = Buffer.from(original);
      bytes[position] = (bytes[position] ?? 0) ^ 1;
      try {
        return gunzipOne(bytes, content.length).equals(content);
      } catch {
        return false;
      }
    });
    expect(passed).toEqual([]);
  }
});

test.each(['heads/', 'manifests/', 'class=', 'taken/'])(
  'that S3 refuses once to read an object below %s is no answer',
  async (prefix) => {
    const day = await sealedDay();
    const { sealed } = day.keeper;
    const refusal = Object.assign(new Error('Please reduce your request rate.'), { $metadata: {} });
    const read: typeof sealed.read = async (key, limit) => {
      if (key.startsWith(prefix)) throw refusal;
      return sealed.read(key, limit);
    };
    await expect(verify({ ...sealed, read }, { until: hourAfter(6) })).rejects.toBe(refusal);
  },
);

test('without a fingerprint from outside, a chain is consistent and its signer is not proven', async () => {
  const day = await sealedDay();
  const verified = await day.verify(6, {});
  expect(verified).toMatchObject({ signer: 'not-proven', keys: [day.fingerprint] });
  expect(verified.problem).toBeUndefined();
});

test('a head that was signed again with the right key differs from its copy in another place', async () => {
  const day = await sealedDay();
  const copies = `${day.folders.sealed}-copies`;
  await cp(day.folders.sealed, copies, { recursive: true });
  const options = { until: hourAfter(6), fingerprint: day.fingerprint, copies: folderStore(copies) };
  expect((await verify(day.keeper.sealed, options)).problem).toBeUndefined();
  // The administrator of the master account deletes what an hour had, and has the keeper's key sign everything again.
  await rm(day.folders.sealed, { recursive: true });
  await rm(join(day.folders.intake, 'intake/class=actions/arrived=2026-11-29T11'), { recursive: true });
  await keep({ ...day.keeper, checkpoints: EMPTY }, at(380), { firstHour: FIRST });
  expect((await day.verify(6)).problem).toBeUndefined();
  expect((await verify(day.keeper.sealed, options)).problem).toMatchObject({
    period: hourAfter(1),
    what: 'It is another one than its copy: it was replaced.',
  });
  await rm(copies, { recursive: true });
});

test('a part of a chain verifies by itself, and from before its beginning', async () => {
  const day = await sealedDay();
  const { fingerprint } = day;
  const options = { until: hourAfter(6), fingerprint };
  expect(await verify(day.keeper.sealed, { ...options, from: hourAfter(2) })).toMatchObject({
    periods: 4,
    signer: 'proven',
  });
  expect((await verify(day.keeper.sealed, { ...options, from: hourAfter(-50) })).problem).toBeUndefined();
  await deleteHour(day, 12);
  expect((await verify(day.keeper.sealed, { ...options, from: hourAfter(2) })).problem?.what).toBe(
    'This hour is missing.',
  );
  expect((await verify(day.keeper.sealed, { ...options, from: hourAfter(3) })).problem).toBeUndefined();
});

test('a copy of which a folder is a link verifies; a link that leads nowhere is foreign', async () => {
  const day = await sealedDay();
  const manifests = join(day.folders.sealed, 'manifests');
  await rename(manifests, `${day.folders.sealed}.manifests`);
  onTestFinished(() => rm(`${day.folders.sealed}.manifests`, { recursive: true }));
  await symlink(`${day.folders.sealed}.manifests`, manifests);
  expect((await day.verify(6)).problem).toBeUndefined();
  await symlink('./circle', join(day.folders.sealed, 'heads/circle'));
  expect((await day.verify(6)).problem).toMatchObject({
    place: join(day.folders.sealed, 'heads/circle'),
    what: 'It is foreign: no manifest names it.',
  });
});

test('what was sealed after the end of a question is left out of the answer', async () => {
  const day = await sealedDay();
  await deleteHour(day, 14);
  const options = { until: hourAfter(4), fingerprint: day.fingerprint };
  expect((await verify(day.keeper.sealed, options)).problem?.what).toBe('This hour is missing.');
  const verified = await verify(day.keeper.sealed, { ...options, to: hourAfter(4) });
  expect(verified).toMatchObject({ periods: 4, signer: 'proven' });
  expect(verified.problem).toBeUndefined();
});

test('a chain that ends before now, or is not there, lacks its hours', async () => {
  const day = await sealedDay();
  expect((await day.verify(9)).problem?.what).toBe(
    'The hours from 2026-11-29T16 to 2026-11-29T18 are missing.',
  );
  expect((await verify(folderStore('/nowhere'), { until: hourAfter(1) })).problem?.what).toBe(
    'This hour is missing.',
  );
});

// The mutations above speak of verdicts as well.
test('the parts of a class are where its readers look for them', async () => {
  const day = await sealedDay();
  const keys = (await partsOf(day, 11)).map(({ key }) => key);
  expect(keys.filter((key) => VERDICTS.test(key))).toHaveLength(3);
});

describe('an event that is sealed twice is named', () => {
  /** A keeper that forgets what it has sealed before. */
  const forgetful = async () => {
    const opened = await openKeeper();
    const { sealed } = opened.keeper;
    const read: typeof sealed.read = async (key, limit) =>
      key.startsWith('ids/') ? Buffer.alloc(0) : sealed.read(key, limit);
    return { ...opened, sealAt: (minutes: number) => opened.seal(minutes, { sealed: { ...sealed, read } }) };
  };
  const DAY = 24 * 60;

  test('in an hour of the next day', async () => {
    const opened = await forgetful();
    const event = verdict(1, at(5));
    await opened.append(5, [event, verdict(2, at(5)), verdict(4, at(5))]);
    await opened.append(5 + DAY, [event, verdict(7, at(5 + DAY))]);
    await opened.sealAt(80 + DAY);
    const verified = await opened.verify(25);
    expect(verified.problem?.what).toBe(
      `It repeats the event "${event.id}", which is sealed in 2026-11-29T10 already.`,
    );
    expect(verified.lines).toBe(3);
  });

  test('in its own hour, signed again with the right key', async () => {
    const day = await sealedDay();
    const { path, key } = await partOf(day, 15);
    const [line = ''] = gunzipSync(await readFile(path))
      .toString('utf8')
      .split('\n');
    const bytes = Buffer.from(`${line}\n${line}\n`);
    await writeFile(path, gzip(bytes));
    const { bytes: _, ...figures } = describeLines(bytes);
    const manifestPath = join(day.folders.sealed, manifest(15));
    const former = parseManifest(await readFile(manifestPath));
    const parts = former.parts.map((part) =>
      part.key === key ? { ...part, ...figures, bytes: bytes.length } : part,
    );
    const edited = manifestBytes({ ...former, parts });
    await writeFile(manifestPath, edited);
    const headPath = join(day.folders.sealed, head(15));
    const lines = parts.reduce((sum, part) => sum + part.lines, 0);
    const signed = headBytes({
      ...parseHead(await readFile(headPath)),
      manifest: sha256(edited),
      lines,
    });
    await writeFile(headPath, signed);
    await writeFile(join(day.folders.sealed, signature(day, 15)), await day.keeper.signer.sign(signed));
    expect((await day.verify(6)).problem).toMatchObject({
      place: path,
      what: `It repeats the event "${(JSON.parse(line) as { id: string }).id}", which is sealed in this period already.`,
    });
  });
});

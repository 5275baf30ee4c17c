import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { S3Client } from '@aws-sdk/client-s3';
import { folderSource, singleFile } from '@compliance/dashboard';
import { ledgerBucket } from '@compliance/infra';
import { s3Ledger } from '@compliance/ledger';
import { STATE_FOLDER, buildState, eventsSince, verdictsIn, writeDashboard } from '@compliance/state';

import { describeOrganization, scopeOf } from '../input/describe-organization.ts';
import { writeOutput } from '../output/write-output.ts';
import type { Seal } from './seal.ts';
import { refuseSkipped, type Stage } from './stage.ts';

/** Writes the dashboard of this run as one HTML file, from its sealed hour and what arrived in the ledger since. */
export const writeDashboardFile = async (
  { org, settings }: Stage,
  seal: Seal,
  path: string,
): Promise<void> => {
  const { id } = org.organization.master;
  const folder = await mkdtemp(join(tmpdir(), 'compliance-demo-'));
  try {
    const state = join(folder, STATE_FOLDER);
    const since = await eventsSince(
      undefined,
      { sealed: seal.store, intake: s3Ledger(org.client(S3Client, id), ledgerBucket(id)) },
      { now: new Date(), from: new Date(0), onSkipped: refuseSkipped },
    );
    if (!since) throw new Error('The demo has a ledger, and nothing to read from.');
    const manifest = await buildState({
      folder: state,
      ...since,
      isInScope: await scopeOf(settings),
    });
    if (manifest.differences.count > 0)
      throw new Error(
        `The state differs from what sweeps counted: ${JSON.stringify(manifest.differences.first[0])}`,
      );
    await writeDashboard({
      state,
      manifest,
      organization: { ...(await describeOrganization(settings, [])), name: 'The demo organization' },
      out: folder,
      verdicts: verdictsIn(manifest),
      keyFingerprint: seal.fingerprint,
    });
    await writeOutput(await singleFile(folderSource(folder)), path);
  } finally {
    await rm(folder, { recursive: true });
  }
};

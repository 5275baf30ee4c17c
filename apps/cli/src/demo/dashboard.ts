import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { S3Client } from '@aws-sdk/client-s3';
import { folderSource, singleFile } from '@compliance/dashboard';
import { ledgerBucket } from '@compliance/infra';
import { s3Ledger } from '@compliance/ledger';
import { STATE_FOLDER, buildState, verdictsIn, writeDashboard } from '@compliance/state';

import { describeOrganization, scopeOf } from '../input/describe-organization.ts';
import { writeOutput } from '../output/write-output.ts';
import { refuseSkipped, type Stage } from './stage.ts';

/** Writes the dashboard of this run as one HTML file, from the ledger alone. */
export const writeDashboardFile = async ({ org, settings }: Stage, path: string): Promise<void> => {
  const { id } = org.organization.master;
  const folder = await mkdtemp(join(tmpdir(), 'compliance-demo-'));
  try {
    const state = join(folder, STATE_FOLDER);
    const ledger = s3Ledger(org.client(S3Client, id), ledgerBucket(id));
    const manifest = await buildState({
      folder: state,
      events: ledger.read({ onSkipped: refuseSkipped }),
      until: new Date(),
      isInScope: await scopeOf(settings),
    });
    await writeDashboard({
      state,
      manifest,
      organization: { ...(await describeOrganization(settings, [])), name: 'The demo organization' },
      out: folder,
      verdicts: verdictsIn(manifest),
    });
    await writeOutput(await singleFile(folderSource(folder)), path);
  } finally {
    await rm(folder, { recursive: true });
  }
};

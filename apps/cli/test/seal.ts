import type { AuditEvent } from '@compliance/core';
import { memoryTable } from '@compliance/core/testing';
import { folderStore, keep, localSigner, newPrivateKey, tableCheckpoints } from '@compliance/evidence';
import { folderLedger } from '@compliance/ledger';

import { temporaryFolder } from './temporary-folder.ts';

/** Seals the hours 10 and 11 of 29 November 2026, or more of them, into a folder; the events arrived at 10:30. */
export const seal = async (events: readonly AuditEvent[], until = '2026-11-29T12:20:00Z') => {
  const [intake, sealed] = [await temporaryFolder(), await temporaryFolder()];
  const time = new Date('2026-11-29T10:30:00Z');
  await folderLedger(intake, () => time).append(events);
  const signer = localSigner(newPrivateKey());
  const keeper = {
    intake: folderStore(intake),
    sealed: folderStore(sealed),
    signer,
    formerPrefix: '',
    code: 'test',
    checkpoints: tableCheckpoints(memoryTable(), () => time),
    mayGoOn: () => true,
  };
  await keep(keeper, new Date(until), { firstHour: '2026-11-29T10' });
  return { intake, sealed, fingerprint: signer.publicKey.fingerprint };
};

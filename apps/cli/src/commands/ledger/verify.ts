import { hourOf, hoursLater, verify, type Hour } from '@compliance/evidence';

import { readSettings } from '../../input/read-settings.ts';
import type { MasterFlags } from '../../operator/master-access.ts';
import { openSealed } from '../../operator/open-sealed.ts';
import { readPlace } from '../../operator/read-in-master.ts';
import { describeVerification } from '../../output/describe-verification.ts';
import { EXIT, UsageError } from '../../output/exit-codes.ts';

export interface VerifyFlags extends MasterFlags {
  readonly from?: Hour;
  readonly to?: Hour;
  readonly keyFingerprint?: string;
  /** A folder, or `s3://bucket`. */
  readonly sealed?: string;
  readonly copies?: string;
  readonly json?: true;
}

/** Verifies the sealed ledger. Exit code 1 unless it is whole and its signer is proven. */
export const verifyLedger = async (flags: VerifyFlags): Promise<void> => {
  const { from, to, sealed, copies } = flags;
  // An hour is sealed half an hour after its end.
  const until = to ?? hoursLater(hourOf(new Date()), -1);
  if (from !== undefined && from >= until)
    throw new UsageError(
      to === undefined
        ? `--from ${from} is not before ${until}, until when all has to be sealed: there is no hour to verify.`
        : `--from ${from} is not before --to ${to}: there is no hour to verify.`,
    );
  const fingerprint = flags.keyFingerprint ?? (await readSettings())?.ledger?.keyFingerprint;
  const verification = await readPlace(sealed, flags, async () => {
    const store = await openSealed(sealed, flags);
    return verify(store, {
      until,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(fingerprint !== undefined && { fingerprint }),
      ...(copies !== undefined && { copies: await openSealed(copies, flags) }),
    });
  });
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(verification)}\n`
      : describeVerification(verification)
          .map((line) => `${line}\n`)
          .join(''),
  );
  if (verification.problem !== undefined || verification.signer !== 'proven')
    process.exitCode = EXIT.findings;
};

import { IAMClient, paginateListVirtualMFADevices } from '@aws-sdk/client-iam';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  type Session,
  shortened,
} from '@compliance/core/rule';
import { DELETE_IN_MEMBER, observeRoot, whyRootNeedsNoMfa } from '@compliance/iam-account';
import * as z from 'zod';

const READS = ['iam:GetAccountSummary', 'iam:ListVirtualMFADevices'];

export const rule = defineRule({
  command: 'IAM_ENABLE_ROOT_HARDWARE_MFA',
  title: 'The root user signs in with hardware MFA alone',
  rationale: 'A virtual device is as safe as the phone that it is on; a hardware device must be taken away.',
  severity: 'critical',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.14'],
    'cis-1.3': ['1.6'],
    'cis-1.4': ['1.6'],
    'cis-1.5': ['1.6'],
    'cis-2.0': ['1.6'],
    'cis-3.0': ['1.6'],
    'cis-4.0': ['1.6'],
    'cis-4.0.1': ['1.6'],
    'cis-5.0': ['1.5'],
    'cis-6.0': ['2.5'],
    'cis-7.0': ['2.6'],
    'aws-fsbp': ['IAM.6'],
  },
  partly: 'A synced passkey passes like a security key: no API tells them apart.',
  equivalents: {
    config: ['ROOT_ACCOUNT_HARDWARE_MFA_ENABLED'],
    securityHub: ['IAM.6'],
    prowler: ['iam_root_hardware_mfa_enabled'],
    steampipe: ['iam_root_user_hardware_mfa_enabled'],
    custodian: ['account: iam-summary + has-virtual-mfa'],
  },
  parameters: z.object({}),
  facts: z.object({
    hasPassword: z.boolean(),
    hasMfa: z.boolean(),
    /** The names of root's virtual devices. */
    virtualDevices: z.array(z.string()),
  }),
  permissions: { list: READS, get: READS, fix: [], undo: [] },

  observe: observeRoot(async ({ hasPassword, hasMfa }, session) => ({
    hasPassword,
    hasMfa,
    virtualDevices: hasMfa ? await virtualDevicesOfRoot(session) : [],
  })),

  judge: ({ hasPassword, hasMfa, virtualDevices: [device, ...others] }, { partition }) => {
    const why = whyRootNeedsNoMfa(partition);
    if (why !== undefined) return notApplicable(why);
    if (!hasMfa) return hasPassword ? nonCompliant('The root user has a password and no MFA.') : compliant();
    if (device === undefined) return compliant();
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return nonCompliant(`The root user has the virtual MFA device ${shortened(device, 150)}${more}.`);
  },

  guidance: `${DELETE_IN_MEMBER} aws iam delete-login-profile and aws iam deactivate-mfa-device. Otherwise sign in as root, assign a security key under Security credentials, and remove the virtual devices.`,
});

// Only the owner tells: a device of root may have any name, and a device of any name may have no owner.
const virtualDevicesOfRoot = async (session: Session): Promise<string[]> => {
  const root = `arn:${session.partition}:iam::${session.accountId}:root`;
  const client = session.client(IAMClient);
  const pages = await Array.fromAsync(
    paginateListVirtualMFADevices({ client }, { AssignmentStatus: 'Assigned' }),
  );
  return pages
    .flatMap(({ VirtualMFADevices = [] }) => VirtualMFADevices)
    .flatMap(({ User, SerialNumber = '' }) =>
      User?.Arn === root ? SerialNumber.replace(/^.*:mfa\//, '') : [],
    )
    .toSorted();
};

import {
  change,
  compliant,
  defineRule,
  edit,
  nonCompliant,
  notApplicable,
  type AccountId,
  type Change,
  type Rule,
  type SharedDocument,
} from '@compliance/core/rule';
import { withoutPublicAccess, type PolicyContent } from '@compliance/policy-document';
import * as z from 'zod';

import { Facts, Handles, observePolicies, type PolicySource } from './observe-policies.ts';
import { inWords } from './public-statement.ts';

type Description = Pick<Rule, 'command' | 'equivalents' | 'resource' | 'triggers' | 'permissions' | 'partly'>;

interface RestrictedService extends Description, PolicySource {
  /** `queue`, with which sentences name a resource */
  readonly noun: string;
  /** The controls of the standard AWS FSBP; those of Security Hub when left out. */
  readonly fsbp?: readonly string[];
  readonly document: SharedDocument<PolicyContent>;
  /** The policy that a resource gets where no statement is left; otherwise it has none. */
  readonly ifEmptied?: (key: string, accountId: AccountId) => PolicyContent;
  readonly inCode: NonNullable<Change['inCode']>;
  readonly effectiveAfter?: Change['effectiveAfter'];
}

/**
 * Defines a rule that no policy of a service's resources lets everybody in.
 * The services differ in how policies are read and written, and in the conditions that restrict.
 */
export const restrictPublicPolicies = ({
  command,
  noun,
  equivalents,
  fsbp = equivalents?.securityHub ?? [],
  partly,
  permissions,
  triggers,
  resource,
  document,
  ifEmptied,
  inCode,
  effectiveAfter,
  ...source
}: RestrictedService) =>
  defineRule({
    command,
    title: `No policy of ${noun} lets everybody in`,
    rationale: 'Everybody on the internet with an AWS account, or without one, could use or change it.',
    severity: 'high',
    resourceType: source.resourceType,
    ...(resource && { resource }),
    deploy: 'every-region',
    impact:
      'Accounts, services and clients that got in as one of everybody lose access until the policy names them.',
    partly: [SERVICES, partly].filter((text) => text !== undefined).join(' '),
    triggers,
    controls: {
      'cis-7.0': ['2.21'],
      ...(fsbp.length > 0 && { 'aws-fsbp': fsbp }),
    },
    equivalents: { custodian: ['cross-account filter'], ...equivalents },
    parameters: z.object({}),
    facts: Facts,
    handles: Handles,
    permissions,

    observe: observePolicies(source),

    judge: ({ skipped, public: open }) => {
      if (skipped !== null) return notApplicable(skipped);
      return open.length === 0 ? compliant() : nonCompliant(`${inWords(open)}.`);
    },

    fix: ({ facts, handles: { keys, refusal }, accountId }) => {
      if (refusal !== null) return { manual: refusal };
      return change({
        description: `Close the policy of ${noun} to everybody. ${inWords(facts.public)}`,
        risk: 'disruptive',
        steps: keys.map((key) =>
          edit(
            document,
            (policy) => {
              const closed = withoutPublicAccess(policy, source.furtherKeys);
              return closed.Statement.length === 0 && ifEmptied ? ifEmptied(key, accountId) : closed;
            },
            { key },
          ),
        ),
        inCode,
        ...(effectiveAfter && { effectiveAfter }),
      });
    },

    undo: { documents: [document] },
  });

const SERVICES =
  'Statements for a service of AWS without aws:SourceArn or aws:SourceAccount, and for accounts of others.';

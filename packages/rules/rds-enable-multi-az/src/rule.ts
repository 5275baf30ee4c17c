import { change, compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import {
  DB_INSTANCE,
  DB_INSTANCE_SHAPE,
  INSTANCE_MODIFICATION,
  INSTANCE_PERMISSIONS,
  InstanceHandles,
  MODIFY_INSTANCE,
  instanceHandles,
  modifyInstance,
  observeInstances,
  whileUnavailable,
} from '@compliance/rds';
import * as z from 'zod';

import { Facts, whyNotMultiAz } from './facts.ts';

export const rule = defineRule({
  command: 'RDS_ENABLE_MULTI_AZ',
  title: 'Database instances have a standby in another Availability Zone',
  rationale: 'With a standby, the loss of an Availability Zone interrupts the database for a minute or two.',
  severity: 'medium',
  resourceType: DB_INSTANCE,
  resource: DB_INSTANCE_SHAPE,
  deploy: 'every-region',
  impact:
    'The standby doubles the cost of the instance, and writes take longer while it is built and somewhat longer afterwards.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-4.0': ['2.2.4'],
    'cis-4.0.1': ['2.2.4'],
    'cis-5.0': ['2.2.4'],
    'cis-6.0': ['3.2.4'],
    'cis-7.0': ['3.2.4'],
    'aws-fsbp': ['RDS.5'],
  },
  equivalents: {
    config: ['RDS_MULTI_AZ_SUPPORT'],
    securityHub: ['RDS.5'],
    prowler: ['rds_instance_multi_az'],
    steampipe: ['rds_db_instance_multiple_az_enabled'],
    custodian: ['rds: MultiAZ'],
  },
  parameters: z.object({
    applyImmediately: z
      .boolean()
      .default(false)
      .describe(
        'A fix builds the standby at once. Otherwise it waits for the maintenance window of the instance.',
      ),
  }),
  facts: Facts,
  handles: InstanceHandles.extend({ alsoPending: z.array(z.string()) }),
  permissions: { ...INSTANCE_PERMISSIONS, fix: [MODIFY_INSTANCE], undo: [MODIFY_INSTANCE] },

  observe: observeInstances((instance) => {
    const { multiaz, ...others } = instance.pending;
    return {
      facts: {
        engine: instance.engine,
        member: instance.cluster !== null,
        readReplica: instance.readReplica,
        multiAz: instance.multiAz,
        pending: multiaz === true && !instance.multiAz,
      },
      handles: { ...instanceHandles(instance), alsoPending: Object.keys(others).toSorted() },
    };
  }),

  judge: (facts) => {
    const reason = whyNotMultiAz(facts);
    if (reason !== undefined) return notApplicable(reason);
    if (facts.multiAz) return compliant();
    return nonCompliant(
      `The instance is in one Availability Zone.${facts.pending ? ' Multi-AZ waits for the maintenance window.' : ''}`,
    );
  },

  fix: ({ facts: { pending }, handles, parameters: { applyImmediately } }) => {
    const { identifier, alsoPending } = handles;
    if (pending)
      return { manual: `Wait for the maintenance window of ${identifier}: RDS builds the standby then.` };
    if (applyImmediately && alsoPending.length > 0)
      return {
        manual: `Turn Multi-AZ on for ${identifier} in its maintenance window: at once, RDS would also apply what waits for it (${alsoPending.join(', ')}).`,
      };
    const when = applyImmediately ? { ApplyImmediately: true } : {};
    // Only at once does RDS drop what waits for the window; but then it also applies everything else that waits.
    const back = applyImmediately || alsoPending.length === 0 ? { ApplyImmediately: true } : {};
    return (
      whileUnavailable(handles) ??
      change({
        description: `Build a standby of ${identifier} in another Availability Zone ${applyImmediately ? 'now' : 'in its maintenance window'}`,
        risk: 'disruptive',
        inCode: {
          terraform: 'aws_db_instance: multi_az = true',
          cloudFormation: 'AWS::RDS::DBInstance: MultiAZ: true',
        },
        steps: [modifyInstance(identifier, { MultiAZ: true, ...when }, { MultiAZ: false, ...back })],
        effectiveAfter: applyImmediately
          ? { seconds: 3600 }
          : { manual: `RDS builds the standby of ${identifier} in its next maintenance window.` },
      })
    );
  },

  undo: { operations: [INSTANCE_MODIFICATION] },
});

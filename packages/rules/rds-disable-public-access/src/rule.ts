import { change, compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import {
  DB_INSTANCE,
  DB_INSTANCE_SHAPE,
  INSTANCE_MODIFICATION,
  INSTANCE_PERMISSIONS,
  InstanceHandles,
  MODIFY_INSTANCE,
  instanceHandles,
  isAurora,
  modifyInstance,
  observeInstances,
  whileUnavailable,
  whyNotRds,
} from '@compliance/rds';
import * as z from 'zod';

export const rule = defineRule({
  command: 'RDS_DISABLE_PUBLIC_ACCESS',
  title: 'Database instances have public accessibility off',
  rationale:
    'The endpoint of such an instance resolves to a public address: one open security group is then enough to expose it.',
  severity: 'critical',
  resourceType: DB_INSTANCE,
  resource: DB_INSTANCE_SHAPE,
  deploy: 'every-region',
  impact: 'Clients outside of the VPC that connect by the public address lose the database at once.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.5': ['2.3.3'],
    'cis-2.0': ['2.3.3'],
    'cis-3.0': ['2.3.3'],
    'cis-4.0': ['2.2.3'],
    'cis-4.0.1': ['2.2.3'],
    'cis-5.0': ['2.2.3'],
    'cis-6.0': ['3.2.3'],
    'cis-7.0': ['3.2.3'],
    'aws-fsbp': ['RDS.2'],
  },
  equivalents: {
    config: ['RDS_INSTANCE_PUBLIC_ACCESS_CHECK'],
    securityHub: ['RDS.2'],
    prowler: ['rds_instance_no_public_access'],
    steampipe: ['rds_db_instance_prohibit_public_access'],
    custodian: ['rds: PubliclyAccessible'],
  },
  parameters: z.object({}),
  facts: z.object({ engine: z.string(), publiclyAccessible: z.boolean() }),
  handles: InstanceHandles.extend({ securityGroups: z.array(z.string()) }),
  permissions: { ...INSTANCE_PERMISSIONS, fix: [MODIFY_INSTANCE], undo: [MODIFY_INSTANCE] },

  observe: observeInstances((instance) => ({
    facts: { engine: instance.engine, publiclyAccessible: instance.publiclyAccessible },
    handles: { ...instanceHandles(instance), securityGroups: instance.securityGroups },
  })),

  // The switch alone decides: a closed security group is one call away from an open one.
  judge: ({ engine, publiclyAccessible }) => {
    const other = whyNotRds(engine);
    if (other !== undefined) return notApplicable(other);
    return publiclyAccessible ? nonCompliant('Public accessibility is on.') : compliant();
  },

  // RDS turns the switch at once, also without ApplyImmediately.
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
  fix: ({ facts: { engine }, handles }) => {
    const { identifier, cluster, securityGroups } = handles;
    if (cluster !== null && !isAurora(engine))
      return {
        manual: `The instances of the Multi-AZ cluster ${cluster} cannot be changed, and the cluster keeps this setting from its creation. Restore a snapshot of it without public access, and switch the applications to its endpoint.`,
      };
    const reach = securityGroups.length > 0 ? ` (security groups ${securityGroups.join(', ')})` : '';
    return (
      whileUnavailable(handles) ??
      change({
        description: `Turn off public access of ${identifier}: clients outside of the VPC${reach} lose it`,
        risk: 'disruptive',
        inCode: {
          terraform: `${cluster === null ? 'aws_db_instance' : 'aws_rds_cluster_instance'}: publicly_accessible = false`,
          cloudFormation: 'AWS::RDS::DBInstance: PubliclyAccessible: false',
        },
        steps: [modifyInstance(identifier, { PubliclyAccessible: false }, { PubliclyAccessible: true })],
        effectiveAfter: { seconds: 300 },
      })
    );
  },

  undo: { operations: [INSTANCE_MODIFICATION] },
});

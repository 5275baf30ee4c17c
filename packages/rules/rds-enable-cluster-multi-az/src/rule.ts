import { compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import {
  CLUSTER_PERMISSIONS,
  DB_CLUSTER,
  DB_CLUSTER_SHAPE,
  observeClusters,
  whyNotRds,
} from '@compliance/rds';
import * as z from 'zod';

export const rule = defineRule({
  command: 'RDS_ENABLE_CLUSTER_MULTI_AZ',
  title: 'Database clusters have instances in several Availability Zones',
  rationale:
    'Another instance takes over when an Availability Zone is lost. Without one, RDS builds a new one first, if it can.',
  severity: 'medium',
  resourceType: DB_CLUSTER,
  resource: DB_CLUSTER_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-4.0': ['2.2.4'],
    'cis-4.0.1': ['2.2.4'],
    'cis-5.0': ['2.2.4'],
    'cis-6.0': ['3.2.4'],
    'cis-7.0': ['3.2.4'],
    'aws-fsbp': ['RDS.15'],
  },
  equivalents: {
    config: ['RDS_CLUSTER_MULTI_AZ_ENABLED'],
    securityHub: ['RDS.15'],
    prowler: ['rds_cluster_multi_az'],
    steampipe: ['rds_db_instance_multiple_az_enabled'],
    custodian: ['rds-cluster: MultiAZ'],
  },
  parameters: z.object({}),
  facts: z.object({ engine: z.string(), members: z.int().min(0), multiAz: z.boolean() }),
  permissions: { ...CLUSTER_PERMISSIONS, fix: [], undo: [] },

  // RDS itself says whether the members, also serverless ones, are in several zones: no listing of instances is needed.
  observe: observeClusters(({ engine, members, multiAz }) => ({ engine, members, multiAz })),

  judge: ({ engine, members, multiAz }) => {
    const other = whyNotRds(engine);
    if (other !== undefined) return notApplicable(other);
    if (multiAz) return compliant();
    if (members === 0) return nonCompliant('The cluster has no instance.');
    return nonCompliant(
      members === 1
        ? 'The cluster has one instance only.'
        : `The ${members} instances of the cluster are in one Availability Zone.`,
    );
  },

  guidance:
    'Add a reader to the cluster in another Availability Zone, of a class that can carry the load of the writer: it costs as much as any other instance.',
});

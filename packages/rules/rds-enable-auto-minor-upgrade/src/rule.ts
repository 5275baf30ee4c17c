import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  operation,
  undoCall,
} from '@compliance/core/rule';
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

const MODIFY = [MODIFY_INSTANCE, { action: 'rds:ModifyDBCluster', resource: 'arn:*:rds:*:*:cluster:*' }];

export const rule = defineRule({
  command: 'RDS_ENABLE_AUTO_MINOR_UPGRADE',
  title: 'Database instances take minor version upgrades automatically',
  rationale: 'Minor versions bring the security patches of the engine.',
  severity: 'high',
  resourceType: DB_INSTANCE,
  resource: DB_INSTANCE_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.5': ['2.3.2'],
    'cis-2.0': ['2.3.2'],
    'cis-3.0': ['2.3.2'],
    'cis-4.0': ['2.2.2'],
    'cis-4.0.1': ['2.2.2'],
    'cis-5.0': ['2.2.2'],
    'cis-6.0': ['3.2.2'],
    'cis-7.0': ['3.2.2'],
    'aws-fsbp': ['RDS.13'],
  },
  equivalents: {
    config: ['RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED'],
    securityHub: ['RDS.13'],
    prowler: ['rds_instance_minor_version_upgrade_enabled'],
    steampipe: ['rds_db_instance_automatic_minor_version_upgrade_enabled'],
    custodian: ['rds: AutoMinorVersionUpgrade'],
  },
  // https://docs.aws.amazon.com/config/latest/developerguide/rds-automatic-minor-version-upgrade-enabled.html
  partly:
    'An Aurora cluster upgrades only if its other instances and the cluster itself have the setting too, and not at all in some global databases.',
  parameters: z.object({}),
  facts: z.object({ engine: z.string(), autoMinorVersionUpgrade: z.boolean() }),
  handles: InstanceHandles,
  permissions: { ...INSTANCE_PERMISSIONS, fix: MODIFY, undo: MODIFY },

  observe: observeInstances((instance) => ({
    facts: { engine: instance.engine, autoMinorVersionUpgrade: instance.autoMinorVersionUpgrade },
    handles: instanceHandles(instance),
  })),

  judge: ({ engine, autoMinorVersionUpgrade }) => {
    const other = whyNotRds(engine);
    if (other !== undefined) return notApplicable(other);
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    if (engine.startsWith('custom-'))
      return notApplicable('RDS Custom has no automatic minor version upgrades.');
    return autoMinorVersionUpgrade ? compliant() : nonCompliant('Automatic minor version upgrades are off.');
  },

  // RDS turns the switch as soon as it can, also without ApplyImmediately: nothing waits for the maintenance window.
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
  fix: ({ facts: { engine }, handles }) => {
    const { identifier, cluster } = handles;
    const ofCluster = cluster !== null && !isAurora(engine) ? cluster : undefined;
    return (
      whileUnavailable(handles) ??
      change({
        description: `Let RDS upgrade ${ofCluster ?? identifier} to new minor versions in its maintenance window, with a short restart`,
        risk: 'safe',
        inCode: IN_CODE[ofCluster !== undefined ? 'cluster' : cluster !== null ? 'member' : 'instance'],
        steps: [
          ofCluster === undefined
            ? modifyInstance(
                identifier,
                { AutoMinorVersionUpgrade: true },
                { AutoMinorVersionUpgrade: false },
              )
            : modifyCluster(ofCluster),
        ],
        effectiveAfter: { seconds: 300 },
      })
    );
  },

  undo: { operations: [INSTANCE_MODIFICATION, operation(RDSClient, ModifyDBClusterCommand)] },
});

/**
 * The instances of a Multi-AZ cluster cannot be changed themselves.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/modify-multi-az-db-cluster.html
 */
const modifyCluster = (DBClusterIdentifier: string) =>
  call(
    RDSClient,
    ModifyDBClusterCommand,
    { DBClusterIdentifier, AutoMinorVersionUpgrade: true },
    {
      undo: undoCall(RDSClient, ModifyDBClusterCommand, {
        DBClusterIdentifier,
        AutoMinorVersionUpgrade: false,
      }),
    },
  );

const IN_CODE = {
  instance: {
    terraform: 'aws_db_instance: auto_minor_version_upgrade = true',
    cloudFormation: 'AWS::RDS::DBInstance: AutoMinorVersionUpgrade: true',
  },
  member: {
    terraform: 'aws_rds_cluster_instance: auto_minor_version_upgrade = true',
    cloudFormation: 'AWS::RDS::DBInstance: AutoMinorVersionUpgrade: true',
  },
  cluster: {
    terraform: 'aws_rds_cluster: auto_minor_version_upgrade = true',
    cloudFormation: 'AWS::RDS::DBCluster: AutoMinorVersionUpgrade: true',
  },
} as const;

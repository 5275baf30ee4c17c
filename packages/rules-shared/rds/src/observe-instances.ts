import {
  DescribeDBInstancesCommand,
  paginateDescribeDBInstances,
  RDSClient,
  type DBInstance as RdsInstance,
} from '@aws-sdk/client-rds';
import type { Observation, Rule, Session } from '@compliance/core/rule';

import { instanceOfAnswer, instanceOfItem, instanceResource, type DbInstance } from './db-instance.ts';

export const INSTANCE_PERMISSIONS = { list: ['rds:DescribeDBInstances'], get: ['rds:DescribeDBInstances'] };

type Observe<Facts, Handles> = Rule<Facts, unknown, Handles>['observe'];
type Observed<Facts, Handles> = Pick<Observation<Facts, Handles>, 'facts' | 'handles'>;

/** Observes database instances: by item without a call, by listing with one call per 100, shared by all rules of a sweep. */
export const observeInstances = <Facts, Handles = unknown>(
  observed: (instance: DbInstance) => Observed<Facts, Handles>,
): Observe<Facts, Handles> => {
  const observationOf = (instance: DbInstance): Observation<Facts, Handles> => ({
    ...observed(instance),
    identity: { resourceName: instance.identifier, arn: instance.arn },
  });
  return {
    item: ({ configuration }) => {
      const instance = instanceOfItem(configuration);
      return instance && observationOf(instance);
    },
    get: async ({ resourceId }, { session }) => {
      const [found] = await findInstance(resourceId, session);
      const instance = found && instanceOfAnswer(found);
      return instance && observationOf(instance);
    },
    list: async function* ({ session }) {
      for (const found of await session.once('rds/instances', () => listInstances(session))) {
        const instance = instanceOfAnswer(found);
        if (instance) yield { resource: instanceResource(instance, found), ...observationOf(instance) };
      }
    },
  };
};

/**
 * Resolves the DbiResourceId; an instance that does not exist is no error of a filter.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
 */
const findInstance = async (resourceId: string, session: Session): Promise<readonly RdsInstance[]> => {
  const { DBInstances = [] } = await session
    .client(RDSClient)
    .send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'dbi-resource-id', Values: [resourceId] }] }));
  return DBInstances;
};

const listInstances = async (session: Session): Promise<readonly RdsInstance[]> => {
  const pages = paginateDescribeDBInstances({ client: session.client(RDSClient), pageSize: 100 }, {});
  return (await Array.fromAsync(pages)).flatMap(({ DBInstances = [] }) => DBInstances);
};

export { DB_CLUSTER, DB_CLUSTER_SHAPE, type DbCluster } from './db-cluster.ts';
export { DB_INSTANCE, DB_INSTANCE_SHAPE, type DbInstance } from './db-instance.ts';
export { isAurora, whyNotRds } from './engine.ts';
export {
  INSTANCE_MODIFICATION,
  InstanceHandles,
  MODIFY_INSTANCE,
  instanceHandles,
  modifyInstance,
  whileUnavailable,
} from './modify-instance.ts';
export { CLUSTER_PERMISSIONS, observeClusters } from './observe-clusters.ts';
export { INSTANCE_PERMISSIONS, observeInstances } from './observe-instances.ts';

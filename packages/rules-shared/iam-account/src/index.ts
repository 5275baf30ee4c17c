export { AttachedTo, attachedTo, managedPolicyArn } from './attached-to.ts';
export { ATTACH_AGAIN, describeEntity, detach, entitiesIn, Entity } from './detach.ts';
export { IN_USE_READS, entitiesInUse } from './entities-in-use.ts';
export { planDetachment } from './plan-detachment.ts';
export { observeRoot } from './observe-root.ts';
export { DELETE_IN_MEMBER } from './root-guidance.ts';
export { whyNoRoot, whyRootNeedsNoMfa } from './partitions-without-root.ts';

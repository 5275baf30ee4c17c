export { AttachedTo, attachedTo, managedPolicyArn } from './attached-to.ts';
export { ATTACH_AGAIN, describeEntity, detach, entitiesIn, type Entity } from './detach.ts';
export { observeRoot } from './observe-root.ts';
export { DELETE_IN_MEMBER } from './root-guidance.ts';
export { whyNoRoot, whyRootNeedsNoMfa } from './partitions-without-root.ts';

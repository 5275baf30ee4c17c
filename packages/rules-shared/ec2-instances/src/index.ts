export {
  describeInstance,
  INSTANCE,
  instanceShape,
  isTerminated,
  resourceOf,
  sharedInstances,
} from './instances.ts';

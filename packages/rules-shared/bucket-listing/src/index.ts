export { bucketNames } from './bucket-names.ts';

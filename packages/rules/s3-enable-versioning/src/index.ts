export { s3EnableVersioning as rule } from './rule.ts';

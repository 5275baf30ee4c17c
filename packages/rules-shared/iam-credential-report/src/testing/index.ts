export { iamWith, reportOf, type ReportColumns } from './fake-iam.ts';
export { NOBODY, USER_NAME, keysOf, otherKeys, user, type UserFixture } from './user-fixtures.ts';

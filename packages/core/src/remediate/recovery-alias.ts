// Apart from recovery-request.ts, which creates schemas when it is loaded.

/** The function that decides, fixes and journals. */
export const REMEDIATION_FUNCTION = 'compliance-generic-remediation';

/** Its alias that the rule function invokes at the end of a sweep, so that only this function writes journals. */
export const RECOVERY_ALIAS = 'recovery';

// In its own file, so that plain remediation does not load the schemas of operators' requests.

/** The Lambda alias that only identities of the master account may invoke. */
export const OPERATOR_ALIAS = 'operator';

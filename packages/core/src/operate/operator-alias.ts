// Apart from operator-request.ts, which creates schemas when it is loaded.

/** The Lambda alias that only identities of the master account may invoke. */
export const OPERATOR_ALIAS = 'operator';

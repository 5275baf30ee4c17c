/** Latest outcome of a change: of its fix or, if an undo was requested since, of the undo. */
export const OUTCOMES = ['fixed', 'applied', 'failed', 'undone', 'undo-failed', 'undo-refused'] as const;
export type ChangeOutcome = (typeof OUTCOMES)[number];

import type { AuditEvent } from '@compliance/core';

/** The audit events of one type. */
export type EventOf<Type extends AuditEvent['type']> = Extract<AuditEvent, { type: Type }>;

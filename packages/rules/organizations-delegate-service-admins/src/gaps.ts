import type { ServicePrincipal, Services } from './services.ts';

/** A service in use that no trusted account administers. */
export interface Gap {
  readonly principal: ServicePrincipal;
  /** The accounts that do, which the settings do not trust. */
  readonly delegates: readonly string[];
}

interface Required {
  readonly services: readonly ServicePrincipal[];
  readonly delegateAccountIds: readonly string[];
}

export const gapsOf = (found: Services, { services, delegateAccountIds }: Required): readonly Gap[] =>
  services.flatMap((principal) => {
    const service = found.find((candidate) => candidate.principal === principal);
    // Not in use.
    if (!service) return [];
    const trusted = service.delegates.filter(
      (accountId) => delegateAccountIds.length === 0 || delegateAccountIds.includes(accountId),
    );
    return trusted.length > 0 ? [] : { principal, delegates: service.delegates };
  });

import type { ConfigurationItem } from './configuration-item.ts';
import type { InvocationFailure } from './invocation.ts';
import type { Account } from './organization.ts';
import type { Place } from './place.ts';

/** An event of the local organization; listeners receive them in order. */
export type OrgEvent =
  | { readonly type: 'AccountJoined'; readonly account: Account }
  | { readonly type: 'ItemRecorded'; readonly place: Place; readonly item: ConfigurationItem }
  | {
      readonly type: 'RuleInvoked';
      readonly place: Place;
      readonly ruleName: string;
      readonly messageType: string;
      readonly resource?: string;
    }
  | {
      readonly type: 'RuleNotInvoked';
      readonly place: Place;
      readonly ruleName: string;
      readonly reason: string;
    }
  | {
      readonly type: 'VerdictStored';
      readonly place: Place;
      readonly ruleName: string;
      readonly resourceType: string;
      readonly resourceId: string;
      readonly complianceType: string;
      readonly annotation?: string;
      readonly previous?: string;
    }
  | {
      readonly type: 'EventNotDelivered';
      /** Of the EventBridge rule. */
      readonly place: Place;
      readonly ruleName: string;
      /** ARN. */
      readonly target: string;
      readonly reason: string;
    }
  | {
      readonly type: 'PackDeployed';
      readonly place: Place;
      readonly packName: string;
      readonly state: string;
      readonly reason?: string;
    }
  | {
      readonly type: 'AutomationStarted';
      readonly place: Place;
      readonly executionId: string;
      readonly document: string;
      readonly parameters: Readonly<Record<string, readonly string[]>>;
    }
  | {
      readonly type: 'AutomationEnded';
      readonly place: Place;
      readonly executionId: string;
      readonly status: string;
      readonly failure?: string;
    }
  | {
      readonly type: 'RemediationExceptionAdded';
      readonly place: Place;
      readonly ruleName: string;
      readonly resourceId: string;
    }
  | {
      readonly type: 'FunctionLogged';
      readonly functionName: string;
      readonly requestId?: string;
      readonly stream: 'stdout' | 'stderr';
      readonly line: string;
    }
  | {
      readonly type: 'FunctionEnded';
      readonly functionName: string;
      readonly requestId: string;
      readonly milliseconds: number;
      readonly cold: boolean;
      readonly error?: string;
    }
  | { readonly type: 'InvocationFailed'; readonly failure: InvocationFailure };

export interface OrgEvents {
  readonly emit: (event: OrgEvent) => void;
  /** Returns the function that removes the listener. */
  readonly on: (listener: (event: OrgEvent) => void) => () => void;
}

export const createOrgEvents = (): OrgEvents => {
  const listeners = new Set<(event: OrgEvent) => void>();
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    on: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};

import { firstOf, shortened } from '@compliance/core/rule';
import { covers, rangesOf } from '@compliance/security-group-ingress';

import type { PeeringRoute } from './observe.ts';

/** Routes that lead to all of a CIDR of the VPC on the other side. */
export interface WideRoutes {
  readonly peering: string;
  readonly peerCidr: string;
  /** Those that do so alone; if none does, those that do so together. */
  readonly routes: readonly PeeringRoute[];
}

/** Finds the CIDRs of peers that routes cover whole: as one, as a part of a larger one, or in pieces. */
export const wideRoutes = (routes: readonly PeeringRoute[]): WideRoutes[] =>
  [...Map.groupBy(routes, ({ peering }) => peering)].flatMap(([peering, own]) => {
    const peerCidrs = new Set(own.flatMap((route) => route.peerCidrs));
    return [...peerCidrs].flatMap((peerCidr) => {
      if (!coversAll(own, peerCidr)) return [];
      const alone = own.filter((route) => coversAll([route], peerCidr));
      return [{ peering, peerCidr, routes: alone.length > 0 ? alone : own }];
    });
  });

/** `The route 10.0.0.0/8 to pcx-1 leads to all of 10.1.0.0/16.` */
export const describeWide = (wide: readonly WideRoutes[]): string => {
  const shown = wide.slice(0, SHOWN).map(describeOne).join(' ');
  return wide.length > SHOWN ? `${shown} There are ${wide.length - SHOWN} more.` : shown;
};

const SHOWN = 2;

const describeOne = ({ peering, peerCidr, routes }: WideRoutes): string => {
  const destinations = firstOf(routes.map(({ destination }) => destination));
  const to = `to ${shortened(peering)} lead${routes.length === 1 ? 's' : ''} to all of ${shortened(peerCidr)}`;
  return `The route${routes.length === 1 ? '' : 's'} ${destinations} ${to}.`;
};

/** Why it is not known what routes lead to; `undefined` if it is. */
export const describeUnknown = (routes: readonly PeeringRoute[]): string | undefined => {
  const [first] = routes.flatMap(({ destination, cidrs, peering, peerCidrs }) => {
    if (!Array.isArray(cidrs))
      return [`prefix list ${shortened(destination)} cannot be read: ${shortened(cidrs.unreadable)}.`];
    return peerCidrs.length > 0
      ? []
      : [
          `EC2 does not say which CIDRs are behind ${shortened(peering)}, to which ${shortened(destination)} leads.`,
        ];
  });
  return first;
};

const coversAll = (routes: readonly PeeringRoute[], peerCidr: string): boolean => {
  const ranges = routes.flatMap(({ cidrs }) => (Array.isArray(cidrs) ? cidrs.flatMap(rangesOf) : []));
  const peer = rangesOf(peerCidr);
  return peer.length > 0 && peer.every((range) => covers(ranges, range));
};

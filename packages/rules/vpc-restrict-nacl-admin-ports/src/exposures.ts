import {
  describeReach,
  FAMILIES,
  internetAddresses,
  rangesOf,
  shareOfInternet,
  type Family,
  type Range,
} from '@compliance/security-group-ingress';
import type { Entry } from '@compliance/vpc-network';

/** A port that too much of the internet can reach through a network ACL. */
export interface Exposure {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The share of the family's internet: 1 is all of it. */
  readonly share: number;
  /** The entries that let the internet in, in order. */
  readonly through: readonly Entry[];
  /** The entry with which the share becomes too much. */
  readonly decisive: Entry;
  /** The number of the last entry before it that decides about the port; 0 if there is none. */
  readonly after: number;
}

export interface Limits {
  readonly ports: readonly number[];
  readonly maxOpenShare: number;
}

/**
 * Finds the ports that more than `maxOpenShare` of a family's internet can reach.
 * Of the entries for an address and a port, the first decides.
 */
export const exposures = (entries: readonly Entry[], { ports, maxOpenShare }: Limits): Exposure[] =>
  FAMILIES.flatMap((family) =>
    (['tcp', 'udp'] as const).flatMap((protocol) =>
      ports.flatMap((port) => {
        const deciding = entries.filter((entry) => decides(entry, protocol, port));
        const exposed = exposureOf(deciding, family, maxOpenShare);
        return exposed === undefined ? [] : [{ family, protocol, port, ...exposed }];
      }),
    ),
  );

/** `All of IPv4 can reach tcp 22, through rule 100 (all traffic from 0.0.0.0/0).` */
export const describeExposures = (exposed: readonly Exposure[]): string =>
  describeReach(exposed, exposed.flatMap(({ through }) => through).map(describeEntry));

const decides = ({ protocol, fromPort, toPort }: Entry, wanted: 'tcp' | 'udp', port: number) =>
  protocol === 'all' || (protocol === wanted && fromPort <= port && port <= toPort);

const exposureOf = (deciding: readonly Entry[], family: Family, maxOpenShare: number) => {
  const through: Entry[] = [];
  let decisive: Pick<Exposure, 'decisive' | 'after'> | undefined;
  let decided: readonly Range[] = [];
  let open = 0n;
  let after = 0;
  for (const entry of deciding) {
    const before = internetAddresses(decided, family);
    decided = [...decided, ...rangesOf(entry.cidr)];
    const added = internetAddresses(decided, family) - before;
    if (entry.action === 'allow' && added > 0n) {
      open += added;
      through.push(entry);
      if (shareOfInternet(open, family) > maxOpenShare) decisive ??= { decisive: entry, after };
    }
    after = entry.ruleNumber;
  }
  return decisive && { share: shareOfInternet(open, family), through, ...decisive };
};

const describeEntry = ({ ruleNumber, protocol, fromPort, toPort, cidr }: Entry): string => {
  const ports = fromPort === toPort ? fromPort : `${fromPort}-${toPort}`;
  return `rule ${ruleNumber} (${protocol === 'all' ? 'all traffic' : `${protocol} ${ports}`} from ${cidr})`;
};

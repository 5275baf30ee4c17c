import { rangesOf, type Family, type Range } from './cidr.ts';
import { isPrefixList, type Ingress } from './ingress.ts';
import { shareOf } from './internet.ts';
import type { PrefixLists } from './prefix-lists.ts';

/** A port that too much of the internet can reach over IPv4 or over IPv6, and the sources that admit it. */
export interface OpenPort<Source extends Ingress = Ingress> {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The share of the family's internet: 1 is all of it. */
  readonly share: number;
  /** The sources that each alone admit too much; widest first. */
  readonly wide: readonly Source[];
  /** The other sources that add to the share; widest first. */
  readonly parts: readonly Source[];
}

export interface PortLimits {
  readonly families: readonly Family[];
  readonly ports: readonly number[];
  readonly maxOpenShare: number;
}

/** Finds the ports that more than `maxOpenShare` of a family's internet can reach, through all sources together. */
export const openPorts = <Source extends Ingress>(
  ingress: readonly Source[],
  prefixLists: PrefixLists,
  { families, ports, maxOpenShare }: PortLimits,
): OpenPort<Source>[] => {
  const withRanges = ingress.map((source) => ({
    source,
    ranges: cidrsOf(source, prefixLists).flatMap(rangesOf),
  }));
  return families.flatMap((family) => {
    const candidates = withRanges.map((one) => ({ ...one, share: shareOf(one.ranges, family) }));
    return PROTOCOLS.flatMap((protocol) =>
      ports.flatMap((port) => {
        const admitting = candidates.filter(({ source }) => admits(source, protocol, port));
        const share = shareOf(
          admitting.flatMap(({ ranges }) => ranges),
          family,
        );
        if (share <= maxOpenShare) return [];
        return [{ family, protocol, port, share, ...widestFirst(admitting, family, maxOpenShare) }];
      }),
    );
  });
};

/** The prefix lists that could not be read and admit one of these ports. */
export const unreadLists = <Source extends Ingress>(
  ingress: readonly Source[],
  prefixLists: PrefixLists,
  ports: readonly number[],
): Source[] =>
  ingress.filter(
    (source) =>
      isPrefixList(source.source) &&
      !Array.isArray(prefixLists[source.source]) &&
      PROTOCOLS.some((protocol) => ports.some((port) => admits(source, protocol, port))),
  );

const PROTOCOLS = ['tcp', 'udp'] as const;

const admits = ({ protocol, fromPort, toPort }: Ingress, wanted: 'tcp' | 'udp', port: number) =>
  protocol === 'all' || (protocol === wanted && fromPort <= port && port <= toPort);

const cidrsOf = ({ source }: Ingress, prefixLists: PrefixLists): readonly string[] => {
  if (!isPrefixList(source)) return [source];
  const entries = prefixLists[source];
  return Array.isArray(entries) ? entries : [];
};

interface Candidate<Source> {
  readonly source: Source;
  readonly ranges: readonly Range[];
  readonly share: number;
}

/** Splits the sources. An office inside `0.0.0.0/0` adds nothing and is left out. */
const widestFirst = <Source>(
  candidates: readonly Candidate<Source>[],
  family: Family,
  maxOpenShare: number,
) => {
  const wide: Source[] = [];
  const parts: Source[] = [];
  let seen: readonly Range[] = [];
  let share = 0;
  for (const candidate of candidates.toSorted((a, b) => b.share - a.share)) {
    seen = [...seen, ...candidate.ranges];
    const together = shareOf(seen, family);
    if (candidate.share > maxOpenShare) wide.push(candidate.source);
    else if (together > share) parts.push(candidate.source);
    share = together;
  }
  return { wide, parts };
};

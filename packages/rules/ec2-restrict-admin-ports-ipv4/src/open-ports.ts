import type { Ingress } from './ingress.ts';
import { ipv4Cover } from './ipv4-share.ts';

/** A port that all of IPv4 can reach, and the sources that together admit it. */
export interface OpenPort<Source extends Ingress = Ingress> {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly through: readonly Source[];
}

/** Prefix list id → its IPv4 CIDRs. */
export type PrefixLists = Readonly<Record<string, readonly string[]>>;

/** Finds the ports that all of IPv4 can reach, through one source or several together. */
export const openPorts = <Source extends Ingress>(
  ingress: readonly Source[],
  prefixLists: PrefixLists,
  ports: readonly number[],
): OpenPort<Source>[] =>
  (['tcp', 'udp'] as const).flatMap((protocol) =>
    ports.flatMap((port) => {
      const admitting = ingress.filter((source) => admits(source, protocol, port));
      const through = opening(admitting, prefixLists);
      return through.length === 0 ? [] : [{ protocol, port, through }];
    }),
  );

const admits = ({ protocol, fromPort, toPort }: Ingress, wanted: 'tcp' | 'udp', port: number) =>
  protocol === 'all' || (protocol === wanted && fromPort <= port && port <= toPort);

/** Collects the sources that cover all of IPv4. An office inside `0.0.0.0/0` is not among them. */
const opening = <Source extends Ingress>(
  ingress: readonly Source[],
  prefixLists: PrefixLists,
): readonly Source[] => {
  const cidrsOf = ({ source }: Source) => prefixLists[source] ?? [source];
  const cover = ipv4Cover(ingress.flatMap(cidrsOf));
  if (cover.size === 0) return [];
  const { wide = [], narrow = [] } = Object.groupBy(ingress, (source) =>
    cidrsOf(source).some((cidr) => cover.has(cidr)) ? 'wide' : 'narrow',
  );
  return [...wide, ...opening(narrow, prefixLists)];
};

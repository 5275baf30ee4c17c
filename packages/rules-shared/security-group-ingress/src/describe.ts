import { firstOf } from '@compliance/core/rule';

import { FAMILIES } from './cidr.ts';
import { describePorts, type Ingress } from './ingress.ts';
import { describeShare } from './internet.ts';
import type { OpenPort } from './open-ports.ts';
import type { PrefixLists } from './prefix-lists.ts';

/** A port that a share of a family's internet can reach. */
type Reached = Pick<OpenPort, 'family' | 'protocol' | 'port' | 'share'>;

/** `All of IPv4 can reach tcp 22, through 0.0.0.0/0 (tcp 22).` */
export const describeReach = (reached: readonly Reached[], through: readonly string[]): string => {
  const who = shareIn(reached);
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} can reach ${portsIn(reached)}, through ${enumerate(through)}.`;
};

export const describeOpen = (open: readonly OpenPort[]): string =>
  describeReach(open, open.flatMap(({ wide, parts }) => [...wide, ...parts]).map(describeSource));

/** `prefix list pl-1 (tcp 22) cannot be read: UnauthorizedOperation.` */
export const describeUnread = (unread: readonly Ingress[], prefixLists: PrefixLists): string => {
  const [first] = unread;
  const entries = prefixLists[first?.source ?? ''];
  const code = entries === undefined || Array.isArray(entries) ? 'UnknownError' : entries.unreadable;
  const lists = new Set(unread.map(({ source }) => source)).size === 1 ? 'prefix list' : 'prefix lists';
  return `${lists} ${sourcesIn(unread)} cannot be read: ${code}.`;
};

/** `57% of IPv4 and all of IPv6` */
export const shareIn = (reached: readonly Reached[]): string =>
  FAMILIES.flatMap((family) => {
    const shares = reached.filter((port) => port.family === family).map(({ share }) => share);
    return shares.length === 0 ? [] : [describeShare(Math.max(...shares), family)];
  }).join(' and ');

export const portsIn = (reached: readonly Reached[]): string =>
  enumerate(reached.map(({ protocol, port }) => `${protocol} ${port}`));

export const sourcesIn = (sources: readonly Ingress[]): string => enumerate(sources.map(describeSource));

const describeSource = (from: Ingress): string => `${from.source} (${describePorts(from)})`;

/** Names each item once. The longest is an entry of a network ACL for UDP with two ports and an IPv6 CIDR. */
const enumerate = (items: readonly string[]): string => firstOf([...new Set(items)], 3, LONGEST_ITEM);

const LONGEST_ITEM = 80;

import { firstOf } from '@compliance/core/rule';

import { FAMILIES } from './cidr.ts';
import { describePorts, type Ingress } from './ingress.ts';
import { describeShare } from './internet.ts';
import type { OpenPort } from './open-ports.ts';
import type { PrefixLists } from './prefix-lists.ts';

/** `All of IPv4 can reach tcp 22, through 0.0.0.0/0 (tcp 22).` */
export const describeOpen = (open: readonly OpenPort[]): string => {
  const who = shareIn(open);
  const through = sourcesIn(open.flatMap(({ wide, parts }) => [...wide, ...parts]));
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} can reach ${portsIn(open)}, through ${through}.`;
};

/** `prefix list pl-1 (tcp 22) cannot be read: UnauthorizedOperation.` */
export const describeUnread = (unread: readonly Ingress[], prefixLists: PrefixLists): string => {
  const [first] = unread;
  const entries = prefixLists[first?.source ?? ''];
  const code = entries === undefined || Array.isArray(entries) ? 'UnknownError' : entries.unreadable;
  const lists = new Set(unread.map(({ source }) => source)).size === 1 ? 'prefix list' : 'prefix lists';
  return `${lists} ${sourcesIn(unread)} cannot be read: ${code}.`;
};

/** `57% of IPv4 and all of IPv6` */
export const shareIn = (open: readonly OpenPort[]): string =>
  FAMILIES.flatMap((family) => {
    const shares = open.filter((port) => port.family === family).map(({ share }) => share);
    return shares.length === 0 ? [] : [describeShare(Math.max(...shares), family)];
  }).join(' and ');

export const portsIn = (open: readonly OpenPort[]): string =>
  enumerate(open.map(({ protocol, port }) => `${protocol} ${port}`));

export const sourcesIn = (sources: readonly Ingress[]): string =>
  enumerate(sources.map((from) => `${from.source} (${describePorts(from)})`));

const enumerate = (items: readonly string[]): string => firstOf([...new Set(items)]);

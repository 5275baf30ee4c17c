import { firstOf, shortened } from '@compliance/core/rule';

import type { Facts } from './observe.ts';

/** A service that the subnets of a VPC do not all reach through an endpoint. */
export interface Gap {
  /** The name in the settings: `s3`. */
  readonly name: string;
  /** The service of the gateway endpoint that some route tables do not lead to; absent when there is no endpoint. */
  readonly gateway?: string;
  /** The route tables that do not lead to a gateway endpoint. */
  readonly routeTables: readonly string[];
}

/** Finds the services without an endpoint, or with one that does not serve each subnet. */
export const gapsOf = (
  { endpoints, routeTables }: Facts,
  services: readonly string[],
  region: string,
): Gap[] =>
  services.flatMap((name) => {
    const own = endpoints.filter(({ service }) => service.endsWith(`.${region}.${name}`));
    // The other types have network interfaces in the VPC, which all of its subnets reach.
    if (own.some(({ gateway }) => !gateway)) return [];
    const served = new Set(own.flatMap((endpoint) => endpoint.routeTables));
    const missing = routeTables.filter((id) => !served.has(id));
    const [first] = own;
    if (!first) return [{ name, routeTables }];
    return missing.length === 0 ? [] : [{ name, gateway: first.service, routeTables: missing }];
  });

/** `No endpoint of dynamodb. The endpoint of s3 does not serve rtb-1.` */
export const describeGaps = (gaps: readonly Gap[]): string => {
  const none = gaps.filter(({ gateway }) => gateway === undefined).map(({ name }) => name);
  const partial = gaps.filter(({ gateway }) => gateway !== undefined);
  return [
    ...(none.length > 0 ? [`The VPC has no endpoint of ${firstOf(none, SHOWN)}.`] : []),
    ...partial
      .slice(0, SHOWN)
      .map(
        ({ name, routeTables }) =>
          `The endpoint of ${shortened(name)} does not serve ${firstOf(routeTables, SHOWN)}.`,
      ),
  ].join(' ');
};

const SHOWN = 2;

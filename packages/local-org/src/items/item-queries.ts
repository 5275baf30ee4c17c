import * as z from 'zod';

import { fromJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { limitOrDefault, page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { apiForm, baseApiForm } from './api-form.ts';
import { type History, isDeleted } from './history.ts';

const HistoryRequest = z.object({
  resourceType: z.string(),
  resourceId: z.string().min(1).max(768),
  laterTime: z.number().optional(),
  earlierTime: z.number().optional(),
  chronologicalOrder: z.enum(['Reverse', 'Forward']).optional(),
  limit: z.int().min(0).max(100).optional(),
  nextToken: z.string().optional(),
});

const ListRequest = z.object({
  resourceType: z.string(),
  resourceIds: z.array(z.string()).max(20).optional(),
  resourceName: z.string().optional(),
  limit: z.int().min(0).max(100).optional(),
  // Not supported here, so refused instead of ignored.
  includeDeletedResources: z.literal(false).optional(),
  nextToken: z.string().optional(),
});

const BatchRequest = z.object({
  resourceKeys: z
    .array(z.object({ resourceType: z.string(), resourceId: z.string() }))
    .min(1)
    .max(100),
});

/** AWS Config's operations that read recorded items. */
export const createItemQueries = (history: History) => ({
  'config:GetResourceConfigHistory': async (call: Call) => {
    const request = parseInput(HistoryRequest, call.input);
    const items = history.all(call, request.resourceType, request.resourceId);
    if (items.length === 0) throw notDiscovered(request.resourceType, request.resourceId);
    const [from, to] = [request.earlierTime, request.laterTime].map((time) =>
      time === undefined ? undefined : fromJsonTime(time).toISOString(),
    );
    const inPeriod = items.filter(
      ({ configurationItemCaptureTime: at }) =>
        (from === undefined || at >= from) && (to === undefined || at <= to),
    );
    if (request.chronologicalOrder !== 'Forward') inPeriod.reverse();
    const { items: configurationItems, nextToken } = page(inPeriod, {
      limit: limitOrDefault(request.limit, 10),
      nextToken: request.nextToken,
    });
    return { configurationItems: configurationItems.map(apiForm), nextToken };
  },
  'config:ListDiscoveredResources': async (call: Call) => {
    const request = parseInput(ListRequest, call.input);
    const found = history
      .existing(call)
      .filter(
        (item) =>
          item.resourceType === request.resourceType &&
          (request.resourceIds?.includes(item.resourceId) ?? true) &&
          (request.resourceName === undefined || item.resourceName === request.resourceName),
      );
    const { items, nextToken } = page(found, {
      limit: limitOrDefault(request.limit, 100),
      nextToken: request.nextToken,
    });
    return {
      resourceIdentifiers: items.map(({ resourceType, resourceId, resourceName }) => ({
        resourceType,
        resourceId,
        resourceName: resourceName ?? undefined,
      })),
      nextToken,
    };
  },
  'config:BatchGetResourceConfig': async (call: Call) => {
    const { resourceKeys } = parseInput(BatchRequest, call.input);
    return {
      baseConfigurationItems: resourceKeys.flatMap(({ resourceType, resourceId }) => {
        const item = history.latest(call, resourceType, resourceId);
        return item === undefined || isDeleted(item) ? [] : [baseApiForm(item)];
      }),
      unprocessedResourceKeys: [],
    };
  },
});

const notDiscovered = (resourceType: string, resourceId: string) =>
  awsError(
    'ResourceNotDiscoveredException',
    `Resource ${resourceId} of resourceType:${resourceType} is unknown or has not been discovered`,
    400,
  );

import type { RestRoute } from './rest-routes.ts';
import { restRoutes } from './rest-routes.ts';

const plainRoute = (method: string, path: string, operation: string): RestRoute => ({
  method,
  path,
  operation,
  markers: [],
  bindings: [],
});

// SDK clients are large, so each is loaded with the first call of its service.
const SERVICES: Readonly<Record<string, () => Promise<readonly RestRoute[]>>> = {
  s3: async () => restRoutes(await import('@aws-sdk/client-s3')),
  lambda: async () => restRoutes(await import('@aws-sdk/client-lambda')),
  guardduty: async () => restRoutes(await import('@aws-sdk/client-guardduty')),
  'access-analyzer': async () => restRoutes(await import('@aws-sdk/client-accessanalyzer')),
  macie2: async () => restRoutes(await import('@aws-sdk/client-macie2')),
  securityhub: async () => restRoutes(await import('@aws-sdk/client-securityhub')),
  elasticfilesystem: async () => restRoutes(await import('@aws-sdk/client-efs')),
  apigateway: async () => restRoutes(await import('@aws-sdk/client-api-gateway')),
  apigatewayv2: async () => restRoutes(await import('@aws-sdk/client-apigatewayv2')),
  cloudfront: async () => restRoutes(await import('@aws-sdk/client-cloudfront')),
  account: async () =>
    [
      'GetAlternateContact',
      'PutAlternateContact',
      'DeleteAlternateContact',
      'GetContactInformation',
      'ListRegions',
      'PutContactInformation',
    ].map((operation) =>
      plainRoute('POST', `/${operation.charAt(0).toLowerCase()}${operation.slice(1)}`, operation),
    ),
  's3-control': async () =>
    [
      ['GET', 'Get'],
      ['PUT', 'Put'],
      ['DELETE', 'Delete'],
    ].map(([method = '', verb]) =>
      plainRoute(method, '/v20180820/configuration/publicAccessBlock', `${verb}PublicAccessBlock`),
    ),
};

const loaded = new Map<string, Promise<readonly RestRoute[]>>();

/** The routes of a REST service; none for an unsupported service. */
export const routesOf = async (service: string): Promise<readonly RestRoute[]> => {
  const routes = loaded.get(service) ?? SERVICES[service]?.() ?? Promise.resolve([]);
  loaded.set(service, routes);
  return routes;
};

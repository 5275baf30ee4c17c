import { CloudfrontDistribution } from '@cdktn/provider-aws/lib/cloudfront-distribution/index.js';
import { CloudfrontFunction } from '@cdktn/provider-aws/lib/cloudfront-function/index.js';
import { CloudfrontOriginAccessControl } from '@cdktn/provider-aws/lib/cloudfront-origin-access-control/index.js';
import { CloudfrontResponseHeadersPolicy } from '@cdktn/provider-aws/lib/cloudfront-response-headers-policy/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import type { HostedDashboard, Settings } from '@compliance/core';
import { PAGE_HEADERS } from '@compliance/dashboard-data';
import { Token, type TerraformStack } from 'cdktf';

import { viewerFunction } from '../hosting/viewer-function.ts';
import { VIEWER_FUNCTION, dashboardBucket, dashboardLogBucket } from '../names/names.ts';
import { addBucket, bucketArn } from '../terraform/bucket.ts';
import { assertPlace } from '../terraform/place.ts';
import { addOutput, addVariable, terraformModule } from '../terraform/terraform-module.ts';

/** The hosted dashboard: a private bucket in the home Region, and the distribution that alone reads it. */
export const masterDashboard = (settings: Settings, dashboard: HostedDashboard): TerraformStack =>
  terraformModule('master-dashboard', (stack) => {
    const { masterAccountId, homeRegion } = settings.organization;
    assertPlace(stack, { accountIds: [masterAccountId], regions: [homeRegion] });
    addDataBucket(stack, masterAccountId);
    addLogBucket(stack, masterAccountId);
    const distribution = addDistribution(stack, {
      origin: `${dashboardBucket(masterAccountId)}.s3.${homeRegion}.amazonaws.com`,
      logs: `${dashboardLogBucket(masterAccountId)}.s3.amazonaws.com`,
      dashboard,
    });
    const host = dashboard.domain?.name ?? distribution.domainName;
    addOutput(stack, 'dashboard_url', `https://${host}/`, 'Where the dashboard is.');
    addOutput(
      stack,
      'dashboard_host',
      distribution.domainName,
      'The host that a name of your own points to.',
    );
    addOutput(
      stack,
      'dashboard_bucket',
      dashboardBucket(masterAccountId),
      'The bucket to which `compliance dashboard --publish` uploads.',
    );
  });

const DISTRIBUTION_ARN = '${aws_cloudfront_distribution.dashboard.arn}';

/** The data can be written again at any time, so nothing protects the bucket from deletion. */
const addDataBucket = (stack: TerraformStack, masterAccountId: string) => {
  const name = dashboardBucket(masterAccountId);
  const read = (action: string, resource: string) => ({
    Sid: action.replace('s3:', 'CloudFront'),
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: action,
    Resource: resource,
    Condition: { ArnEquals: { 'aws:SourceArn': DISTRIBUTION_ARN } },
  });
  addBucket(stack, {
    id: 'dashboard_data',
    name,
    config: { forceDestroy: true },
    statements: [
      read('s3:GetObject', `${bucketArn(name)}/*`),
      // Without it, S3 answers 403 for an object that does not exist. The distribution asks for objects alone.
      read('s3:ListBucket', bucketArn(name)),
    ],
  });
  new S3BucketLifecycleConfiguration(stack, 'dashboard_data_expiry', {
    bucket: name,
    rule: [
      {
        id: 'earlier',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: EARLIER_DAYS }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      },
    ],
  });
};

/** How long replaced data can be restored. */
const EARLIER_DAYS = 30;

const addLogBucket = (stack: TerraformStack, masterAccountId: string) => {
  const name = dashboardLogBucket(masterAccountId);
  // CloudFront adds itself to the bucket's access control list.
  addBucket(stack, {
    id: 'dashboard_log',
    name,
    config: { forceDestroy: true },
    objectOwnership: 'BucketOwnerPreferred',
  });
  const days = addVariable(stack, 'log_retention_days', {
    type: 'number',
    default: 365,
    description: 'Retention of the log of who read the dashboard, in days.',
  });
  new S3BucketLifecycleConfiguration(stack, 'dashboard_log_expiry', {
    bucket: name,
    rule: [
      {
        id: 'log',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        expiration: [{ days: Token.asNumber(days) }],
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      },
    ],
  });
};

interface DistributionInput {
  readonly origin: string;
  readonly logs: string;
  readonly dashboard: HostedDashboard;
}

const addDistribution = (
  stack: TerraformStack,
  { origin, logs, dashboard }: DistributionInput,
): CloudfrontDistribution => {
  const access = new CloudfrontOriginAccessControl(stack, 'dashboard_access', {
    name: 'compliance-dashboard',
    originAccessControlOriginType: 's3',
    signingBehavior: 'always',
    signingProtocol: 'sigv4',
  });
  const distribution = new CloudfrontDistribution(stack, 'dashboard', {
    enabled: true,
    isIpv6Enabled: true,
    httpVersion: 'http2and3',
    comment: 'The compliance dashboard',
    defaultRootObject: 'index.html',
    origin: [{ originId: 'data', domainName: origin, originAccessControlId: access.id }],
    defaultCacheBehavior: {
      targetOriginId: 'data',
      viewerProtocolPolicy: 'redirect-to-https',
      allowedMethods: ['GET', 'HEAD'],
      cachedMethods: ['GET', 'HEAD'],
      cachePolicyId: CACHING_DISABLED,
      // What is uploaded is compressed: CloudFront compresses only what it caches.
      compress: false,
      responseHeadersPolicyId: addHeaders(stack).id,
      ...addViewerFunction(stack, dashboard),
    },
    loggingConfig: { bucket: logs, includeCookies: false },
    restrictions: { geoRestriction: { restrictionType: 'none', locations: [] } },
    ...namedBy(dashboard),
  });
  // CloudFront refuses a log bucket that does not accept access control lists yet.
  distribution.addOverride('depends_on', [
    'aws_s3_bucket.dashboard_data',
    'aws_s3_bucket_ownership_controls.dashboard_log',
  ]);
  return distribution;
};

/** AWS's own policy of this name. @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4be5a84d39ad';

const namedBy = ({ domain }: HostedDashboard) =>
  domain
    ? {
        aliases: [domain.name],
        viewerCertificate: {
          acmCertificateArn: domain.certificateArn,
          sslSupportMethod: 'sni-only',
          minimumProtocolVersion: 'TLSv1.2_2021',
        },
      }
    : { viewerCertificate: { cloudfrontDefaultCertificate: true } };

const VIEWER_REQUEST = 'viewer-request';

/** Adds what decides about each request, before anything is read. */
const addViewerFunction = (stack: TerraformStack, dashboard: HostedDashboard) => {
  const { authenticatorArn } = dashboard;
  const code = viewerFunction(dashboard);
  if (code === undefined)
    return authenticatorArn === undefined
      ? {}
      : { lambdaFunctionAssociation: [{ eventType: VIEWER_REQUEST, lambdaArn: authenticatorArn }] };
  const created = new CloudfrontFunction(stack, 'dashboard_viewers', {
    name: VIEWER_FUNCTION,
    comment: 'Admits the addresses that compliance.yaml names.',
    runtime: 'cloudfront-js-2.0',
    code,
    publish: true,
  });
  return { functionAssociation: [{ eventType: VIEWER_REQUEST, functionArn: created.arn }] };
};

/** The headers of the local server, and HTTPS alone, which a server on 127.0.0.1 cannot ask for. */
const addHeaders = (stack: TerraformStack): CloudfrontResponseHeadersPolicy => {
  const {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': referrerPolicy,
    'x-content-type-options': _nosniff,
    ...others
  } = PAGE_HEADERS;
  return new CloudfrontResponseHeadersPolicy(stack, 'dashboard_headers', {
    name: 'compliance-dashboard',
    comment: 'The headers with which compliance dashboard serves the page',
    // CloudFront has a place of its own for these.
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy, override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: true },
    },
    customHeadersConfig: {
      items: Object.entries(others).map(([header, value]) => ({ header, value, override: true })),
    },
  });
};

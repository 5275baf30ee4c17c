import { partitionOf, type Settings } from '@compliance/core';

import { VIEWER_FUNCTION_BYTES, viewerFunction } from './hosting/viewer-function.ts';
import type { SettingsProblem } from './settings-problems.ts';

/** What AWS would refuse of the hosted dashboard, or what it lacks. */
export const dashboardProblems = ({
  dashboard,
  organization: { homeRegion },
}: Settings): readonly SettingsProblem[] => {
  if (!dashboard) return [];
  const { allow, domain } = dashboard;
  const problem = (path: readonly string[], message: string) => ({ path: ['dashboard', ...path], message });
  const code = Buffer.byteLength(viewerFunction(dashboard) ?? '');
  return [
    ...(partitionOf(homeRegion) === 'aws'
      ? []
      : [
          problem(
            [],
            'cannot be hosted: CloudFront runs no functions in this partition. compliance dashboard needs no hosting',
          ),
        ]),
    ...(WITHOUT_LOGS.test(homeRegion)
      ? [
          problem(
            [],
            `cannot be hosted: CloudFront delivers its log to no bucket in ${homeRegion}. compliance dashboard needs no hosting`,
          ),
        ]
      : []),
    ...(code > VIEWER_FUNCTION_BYTES
      ? [
          problem(
            ['allow'],
            `has ${allow?.length ?? 0} ranges, which make a function of ${code} bytes; CloudFront runs ${VIEWER_FUNCTION_BYTES}. Join ranges that touch, or use an authenticator`,
          ),
        ]
      : []),
    ...(allow?.length === 0
      ? [{ ...problem(['allow'], 'is empty: nobody can reach the dashboard'), isWarning: true as const }]
      : []),
    ...(domain
      ? []
      : [
          {
            ...problem([], 'has no domain: the certificate of CloudFront also admits TLS 1.0 and 1.1'),
            isWarning: true as const,
          },
        ]),
  ];
};

/**
 * Regions that an account must opt in to.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
const WITHOUT_LOGS =
  /^(?:af-south-1|ap-east-\d|ap-south-2|ap-southeast-[3-9]|ca-west-1|eu-central-2|eu-south-\d|il-central-1|me-\w+-1|mx-central-1)$/;

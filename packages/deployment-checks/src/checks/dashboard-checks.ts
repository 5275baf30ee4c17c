import { VIEWER_FUNCTION, dashboardBucket, viewerFunction } from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined } from '../model/problem.ts';
import { masterIn, type Check } from './check-context.ts';

const REMEDY = 'Apply the modules of the master account again: make deploy-master.';

const bucketExists: Check = (context) => {
  const { deployment, masterAccountId: accountId, homeRegion: region, settings } = context;
  if (!settings.dashboard || !isCovered(deployment, { part: 'dashboard', accountId, region })) return [];
  const place = masterIn(context, region);
  const name = dashboardBucket(accountId);
  if (deployment.buckets.some((bucket) => bucket.name === name && sameRegionAs(place)(bucket))) return [];
  return [
    {
      subject: `bucket ${name} ${formatPlace(place)}`,
      problem: `Bucket ${name} does not exist: the dashboard has nothing to show.`,
      remedy: REMEDY,
    },
  ];
};

/** Whether the addresses that are admitted are those of the settings. */
const viewersFit: Check = ({ deployment, masterAccountId: accountId, homeRegion: region, settings }) => {
  const wanted = settings.dashboard && viewerFunction(settings.dashboard);
  if (wanted === undefined || !isCovered(deployment, { part: 'dashboard', accountId, region })) return [];
  const subject = `CloudFront function ${VIEWER_FUNCTION}`;
  const found = deployment.viewerFunctions.find(({ name }) => name === VIEWER_FUNCTION);
  if (!found)
    return [
      {
        subject,
        problem: `Function ${VIEWER_FUNCTION} does not exist: nothing admits the addresses of dashboard.allow.`,
        remedy: REMEDY,
      },
    ];
  if (found.code === undefined) return [undetermined(subject, 'the code is known only after apply')];
  return found.code === wanted
    ? []
    : [
        {
          subject,
          problem: `Function ${VIEWER_FUNCTION} admits other addresses than dashboard.allow of the settings.`,
          remedy: REMEDY,
        },
      ];
};

export const dashboardChecks = {
  'dashboard-bucket': bucketExists,
  'dashboard-viewers': viewersFit,
} as const satisfies Record<string, Check>;

import { defineObjectEventRule } from '@compliance/trails';

export const rule = defineObjectEventRule({
  command: 'CLOUDTRAIL_LOG_S3_WRITE_EVENTS',
  half: 'writes',
  title: 'Trails record all writes of S3 objects',
  rationale:
    'Who changed or removed an object shows in these events only: management events end at the bucket.',
  controls: {
    'cis-1.3': ['3.10'],
    'cis-1.4': ['3.10'],
    'cis-1.5': ['3.10'],
    'cis-2.0': ['3.10'],
    'cis-3.0': ['3.8'],
    'cis-4.0': ['3.8'],
    'cis-4.0.1': ['3.8'],
    'cis-5.0': ['3.8'],
    'cis-6.0': ['4.8'],
    'cis-7.0': ['4.8'],
  },
  equivalents: {
    config: ['CLOUDTRAIL_ALL_WRITE_S3_DATA_EVENT_CHECK'],
    securityHub: ['S3.22'],
    prowler: ['cloudtrail_s3_dataevents_write_enabled'],
    steampipe: ['cloudtrail_s3_object_write_events_audit_enabled'],
    custodian: ['cloudtrail: event-selectors'],
  },
});

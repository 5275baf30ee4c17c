import { defineObjectEventRule } from '@compliance/trails';

export const rule = defineObjectEventRule({
  command: 'CLOUDTRAIL_LOG_S3_READ_EVENTS',
  half: 'reads',
  title: 'Trails record all reads of S3 objects',
  rationale: 'Who took which data shows in these events only: management events end at the bucket.',
  controls: {
    'cis-1.3': ['3.11'],
    'cis-1.4': ['3.11'],
    'cis-1.5': ['3.11'],
    'cis-2.0': ['3.11'],
    'cis-3.0': ['3.9'],
    'cis-4.0': ['3.9'],
    'cis-4.0.1': ['3.9'],
    'cis-5.0': ['3.9'],
    'cis-6.0': ['4.9'],
    'cis-7.0': ['4.9'],
  },
  equivalents: {
    config: ['CLOUDTRAIL_ALL_READ_S3_DATA_EVENT_CHECK'],
    securityHub: ['S3.23'],
    prowler: ['cloudtrail_s3_dataevents_read_enabled'],
    steampipe: ['cloudtrail_s3_object_read_events_audit_enabled'],
    custodian: ['cloudtrail: event-selectors'],
  },
});

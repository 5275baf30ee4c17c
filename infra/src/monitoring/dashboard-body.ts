import { AUDIT_METRICS } from './audit-metrics.ts';
import { FAILURE_QUEUE, FUNCTIONS, METRICS } from '../names/names.ts';

/**
 * The body of the CloudWatch dashboard: one row for each Region.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export const dashboardBody = (regions: readonly string[]) => ({
  widgets: regions.flatMap((region, row) =>
    graphsOf(region).map((graph, column) => ({
      type: 'metric',
      x: column * WIDTH,
      y: row * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: { region, period: 300, view: 'timeSeries', ...graph },
    })),
  ),
});

const WIDTH = 8;
const HEIGHT = 6;

const graphsOf = (region: string) => [
  { title: `${region}: runs of the functions`, stat: 'Sum', metrics: perFunction('Invocations') },
  {
    title: `${region}: errors, throttles, failed events`,
    stat: 'Sum',
    metrics: [
      ...perFunction('Errors'),
      ...perFunction('Throttles'),
      ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', FAILURE_QUEUE, { stat: 'Maximum' }],
    ],
  },
  {
    title: `${region}: evaluations and remediations that failed`,
    stat: 'Sum',
    metrics: AUDIT_METRICS.map(({ metricName }) => [METRICS, metricName]),
  },
];

const perFunction = (metric: string) =>
  Object.values(FUNCTIONS).map((name) => ['AWS/Lambda', metric, 'FunctionName', name]);

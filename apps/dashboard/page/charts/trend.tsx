import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { useRef, useState } from 'preact/hooks';

import { instant, number, percent, tickOf } from '../base/format.ts';
import { useRoute } from '../base/use-route.ts';
import { Choice } from '../ui/choice.tsx';
import { useOrganization } from '../ui/context.ts';
import { useWidth } from '../ui/use-width.ts';
import { TrendTable } from './trend-table.tsx';
import {
  gapsOf,
  pointBefore,
  trendInWords,
  trendPoints,
  withBreaks,
  type Gap,
  type TrendPoint,
} from './trend-data.ts';

const RANGES = [30, 90, 400] as const;
const METRICS = {
  score: {
    title: 'Score',
    axis: 'Score in percent',
    of: ({ score }: TrendPoint) => score ?? 0,
    text: ({ score }: TrendPoint) => percent(score),
  },
  open: {
    title: 'Violating and unknown',
    axis: 'Violating and unknown resources',
    of: ({ counts }: TrendPoint) => counts.violating + counts.unknown,
    text: ({ counts }: TrendPoint) => number(counts.violating + counts.unknown),
  },
} as const;
type Metric = keyof typeof METRICS;

/** How the organization developed: a line, the same in words, and as a table. */
export const Trend = () => {
  const { overview } = useOrganization();
  const { params } = useRoute();
  const range = RANGES.find((days) => String(days) === params.get('days')) ?? 90;
  const metric: Metric = params.get('trend') === 'open' ? 'open' : 'score';
  const all = trendPoints(overview);
  const start = pointBefore(all, range)?.at ?? 0;
  const oldest = overview.asOf - (all[0]?.at ?? overview.asOf);
  const points = all.filter(({ at }) => at >= start);
  const gaps = gapsOf(overview).filter(({ to }) => to > start);
  const summary = trendInWords(points, gaps);
  return (
    <section class="card trend" aria-labelledby="trend-title">
      <div class="card-head">
        <h2 id="trend-title">Trend</h2>
        <Choice
          name="trend"
          label="Shown"
          values={Object.entries(METRICS).map(([id, { title }]) => [id, title])}
          chosen={metric}
        />
        {oldest > RANGES[0] * 86_400 && (
          <Choice
            name="days"
            label="Period"
            values={RANGES.map((days) => [String(days), `${days} days`])}
            chosen={String(range)}
          />
        )}
      </div>
      {points.length > 1 && <Chart points={points} gaps={gaps} metric={metric} summary={summary} />}
      <p class="small muted">{summary}</p>
      {points.length > 1 && <TrendTable points={points} gaps={gaps} />}
    </section>
  );
};

interface ChartProps {
  readonly points: readonly TrendPoint[];
  readonly gaps: readonly Gap[];
  readonly metric: Metric;
  readonly summary: string;
}

const HEIGHT = 260;
const MARGIN = { top: 8, right: 12, bottom: 24, left: 48 };
/** Half of the widest text below the axis: nearer to an edge it would be cut. */
const HALF_TICK = 36;

const Chart = ({ points, gaps, metric, summary }: ChartProps) => {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 640);
  const [near, setNear] = useState<TrendPoint>();
  const { of, text, axis } = METRICS[metric];
  const values = points.map(of);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const x = scaleUtc([first.at * 1000, last.at * 1000], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear(rangeOf(metric, values), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const place = (point: TrendPoint) => ({ x: x(point.at * 1000), y: y(of(point)) });
  const timeText = tickOf(last.at - first.at);
  const times = x
    .ticks(Math.max(2, Math.floor(width / 150)))
    .filter((time) => x(time) > HALF_TICK && x(time) < width - HALF_TICK);
  const drawn = withBreaks(points, gaps);
  const path = line<TrendPoint | undefined>()
    .defined((point) => point !== undefined)
    .x((point) => (point ? place(point).x : 0))
    .y((point) => (point ? place(point).y : 0));
  const find = (event: PointerEvent) => {
    const left = frame.current?.getBoundingClientRect().left ?? 0;
    const time = x.invert(event.clientX - left).getTime() / 1000;
    setNear(
      points.reduce(
        (best, point) => (Math.abs(point.at - time) < Math.abs(best.at - time) ? point : best),
        first,
      ),
    );
  };
  const marked = near && points.includes(near) ? near : last;
  return (
    <div class="chart" ref={frame} onPointerMove={find} onPointerLeave={() => setNear(undefined)}>
      <p class="chart-head small muted" aria-hidden="true">
        <span>{axis} over time</span>
        <span class="readout">
          {instant(marked.at)} <b>{text(marked)}</b>
        </span>
      </p>
      <svg role="img" aria-label={summary} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <defs>
          <pattern
            id="hatch"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
          </pattern>
        </defs>
        {y.ticks(4).map((tick) => (
          <g key={tick} class="tick">
            <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text x={MARGIN.left - 8} y={y(tick)} dy="0.32em" text-anchor="end">
              {metric === 'score' ? `${tick} %` : number(tick)}
            </text>
          </g>
        ))}
        {times.map((time) => (
          <text key={time.getTime()} class="tick" x={x(time)} y={HEIGHT - 6} text-anchor="middle">
            {timeText(time.getTime() / 1000)}
          </text>
        ))}
        {gaps.map(({ from, to, reason }) => (
          <g key={from}>
            <title>{`No record: ${reason}`}</title>
            <rect
              class="gap"
              x={Math.max(MARGIN.left, x(from * 1000))}
              y={MARGIN.top}
              width={Math.max(3, x(to * 1000) - Math.max(MARGIN.left, x(from * 1000)))}
              height={HEIGHT - MARGIN.top - MARGIN.bottom}
            />
          </g>
        ))}
        <path class="line" d={path(drawn) ?? ''} />
        <line
          class="cursor"
          x1={place(marked).x}
          x2={place(marked).x}
          y1={MARGIN.top}
          y2={HEIGHT - MARGIN.bottom}
        />
        <circle class="point" cx={place(marked).x} cy={place(marked).y} r="4" />
      </svg>
    </div>
  );
};

/** A score never leaves 0 to 100. Counts begin at 0, so that a small change looks small. */
const rangeOf = (metric: Metric, values: readonly number[]): [number, number] => {
  const highest = Math.max(...values, 1);
  if (metric === 'open') return [0, highest];
  return [Math.max(0, Math.min(...values) - 5), Math.min(100, highest + 5)];
};

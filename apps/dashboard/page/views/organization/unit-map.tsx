import type { FrameworkRow, Overview } from '@compliance/dashboard-data';

import { linkTo } from '../../base/route.ts';
import { setParams, useRoute } from '../../base/use-route.ts';
import { HeatLegend, HeatMap, matrixRow, type HeatColumn, type HeatRow } from '../../charts/heat-map.tsx';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { UnitLink } from '../../ui/links.tsx';

/** Units × requirements, or × sections of them; each cell leads to the accounts of its unit. */
export const UnitMap = () => {
  const { overview } = useOrganization();
  const { params } = useRoute();
  const [framework] = overview.frameworks;
  const bySection = params.get('by') === 'section';
  const columns = framework ? columnsOf(framework, bySection) : [];
  return (
    <Card
      title="Score by unit and requirement"
      note={framework?.title}
      more={
        <button
          type="button"
          class="quiet"
          aria-pressed={bySection}
          onClick={() => setParams({ by: bySection ? '' : 'section' })}
        >
          By section
        </button>
      }
    >
      <HeatMap
        caption="Score by unit and requirement"
        corner="Unit"
        rows={unitRows(overview)}
        columns={columns}
      />
      <HeatLegend />
    </Card>
  );
};

export const columnsOf = ({ requirements }: FrameworkRow, bySection: boolean): readonly HeatColumn[] => {
  const judged = requirements.filter(({ rules }) => rules.length > 0);
  if (!bySection) return judged.map(({ id, title, rules }) => ({ id, title, rules }));
  const sections = Map.groupBy(judged, ({ section }) => section);
  return [...sections].map(([section, members]) => ({
    id: section,
    title: section,
    rules: [...new Set(members.flatMap(({ rules }) => rules))],
  }));
};

export const unitRows = (overview: Overview): readonly HeatRow[] =>
  overview.units.map((unit, index) => ({
    key: unit,
    title: <UnitLink unit={unit} />,
    counts: matrixRow(overview, overview.matrix, index),
    link: ({ id }) => linkTo(['unit', unit], { requirement: id }),
  }));

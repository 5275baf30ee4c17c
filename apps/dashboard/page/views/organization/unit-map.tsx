import { NO_COUNTS, type FrameworkRow } from '@compliance/dashboard-data';

import { linkTo } from '../../base/route.ts';
import { useRoute } from '../../base/use-route.ts';
import { HeatMap, matrixRow, type HeatColumn, type HeatRow } from '../../charts/heat-map.tsx';
import { sumOf, type Organization } from '../../data/organization.ts';
import { Card } from '../../ui/card.tsx';
import { Choice } from '../../ui/choice.tsx';
import { useOrganization } from '../../ui/context.ts';
import { UnitLink } from '../../ui/links.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import { parameterOf } from '../../ui/use-selection.ts';

/** Units × requirements of the first framework, or × sections of them. */
export const UnitMap = () => {
  const [framework] = useOrganization().overview.frameworks;
  return framework ? <FrameworkMap framework={framework} /> : null;
};

/** More rows are shown by a click: 500 units are 35,000 cells. */
const SHOWN = 40;

/** Units × requirements; each cell leads to the accounts of its unit. The units with the most open findings come first. */
export const FrameworkMap = ({ framework }: { readonly framework: FrameworkRow }) => {
  const organization = useOrganization();
  const { byRule } = organization;
  const { params } = useRoute();
  const bySection = params.get('by') === 'section';
  const isWhole = params.get('units') === 'all';
  const rows = unitRows(organization);
  return (
    <Card
      title={bySection ? 'Score by unit and section' : 'Score by unit and requirement'}
      note={`${framework.title}. In percent; the units with the most open findings first.`}
      more={
        <Choice
          name="by"
          label="Columns"
          values={[
            ['requirement', 'By requirement'],
            ['section', 'By section'],
          ]}
          chosen={bySection ? 'section' : 'requirement'}
        />
      }
    >
      <HeatMap
        caption="Score by unit and requirement"
        corner="Unit"
        summary={{
          key: '',
          title: 'All units',
          counts: (rules) => sumOf(rules.map((rule) => byRule[rule] ?? NO_COUNTS)),
          link: ({ to }) => to,
        }}
        rows={isWhole ? rows : rows.slice(0, SHOWN)}
        columns={columnsOf(framework, bySection)}
      />
      {rows.length > SHOWN && !isWhole && (
        <ShowAll shown={SHOWN} all={rows.length} what="units" param="units" />
      )}
    </Card>
  );
};

export const columnsOf = ({ id, requirements }: FrameworkRow, bySection: boolean): readonly HeatColumn[] => {
  const judged = requirements.filter(({ rules }) => rules.length > 0);
  if (!bySection)
    return judged.map(({ id: requirement, title, rules }) => ({
      id: requirement,
      title,
      rules,
      to: linkTo(['requirement', id, requirement]),
    }));
  return [...Map.groupBy(judged, ({ section }) => section)].map(([section, members]) => ({
    id: section,
    title: section,
    rules: [...new Set(members.flatMap(({ rules }) => rules))],
    to: linkTo(['framework', id], { section: parameterOf([section]) }),
  }));
};

const unitRows = ({ overview, byUnit }: Organization): readonly HeatRow[] => {
  const open = (unit: number) => (byUnit[unit]?.violating ?? 0) + (byUnit[unit]?.unknown ?? 0);
  return [...overview.units.keys()]
    .toSorted((a, b) => open(b) - open(a))
    .map((index) => {
      const unit = overview.units[index] ?? '';
      return {
        key: unit,
        title: <UnitLink unit={unit} />,
        counts: matrixRow(overview, overview.matrix, index),
        link: ({ id }) => linkTo(['unit', unit], { requirement: id }),
      };
    });
};

import { accountsWithFindings } from '../data/candidates.ts';
import { requirementState } from '../data/organization.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { Facts } from '../ui/facts.tsx';
import { FindingsOf } from '../ui/findings-of.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { RequirementMark } from '../ui/requirement-mark.tsx';
import { NotFound } from './not-found.tsx';
import { RuleTable } from './rules.tsx';

/** A requirement: the rules that judge it, what a person does, and the resources that miss it. */
export const RequirementView = ({
  framework: frameworkId,
  id,
}: {
  readonly framework: string;
  readonly id: string;
}) => {
  const { overview, byRule } = useOrganization();
  const framework = overview.frameworks.find((one) => one.id === frameworkId);
  const requirement = framework?.requirements.find((one) => one.id === id);
  if (!framework || !requirement)
    return <NotFound what={`requirement '${id}' of '${frameworkId}'`} where="frameworks" />;
  const state = requirementState(requirement, byRule);
  const commands = new Set(requirement.rules.map((rule) => overview.rules[rule]?.command));
  return (
    <>
      <PageHead
        title={`${requirement.id} ${requirement.title}`}
        trail={[
          ['Frameworks', ['frameworks']],
          [framework.title, ['framework', framework.id]],
        ]}
      >
        <Facts
          facts={[
            ['State', <RequirementMark state={state} />],
            ['Section', requirement.section],
            ['Level', requirement.level === null ? undefined : String(requirement.level)],
            ['The framework calls it', requirement.assessment],
            ['A person does', requirement.human],
          ]}
        />
      </PageHead>
      {requirement.rules.length > 0 && (
        <Card title="Rules that judge it">
          <RuleTable indexes={requirement.rules} name="rules" />
        </Card>
      )}
      {requirement.rules.length > 0 && (
        <>
          <h2>Resources that miss it</h2>
          <FindingsOf
            id={`requirement ${framework.id} ${requirement.id}`}
            accounts={() => accountsWithFindings(overview, requirement.rules)}
            isWanted={({ rule }) => commands.has(rule.command)}
            without={requirement.rules.length === 1 ? ['severity', 'rule'] : []}
            caption={`Resources that miss ${requirement.id}`}
            fileName={`${framework.id}-${requirement.id}`}
            empty={
              state === 'unknown'
                ? 'Its rules have judged nothing yet, or not everything: it counts as not met until they have.'
                : 'No resource misses this requirement.'
            }
          />
        </>
      )}
    </>
  );
};

import { shortened } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import { useOrganization } from './context.ts';
import { Name } from './text.tsx';

/** A rule by its title; its command is what other tools show. */
export const RuleLink = ({
  rule,
}: {
  readonly rule: { readonly command: string; readonly title: string };
}) => (
  <a href={linkTo(['rule', rule.command])} title={rule.command}>
    {rule.title}
  </a>
);

/** An account by its name or, without one, its id. */
export const AccountLink = ({
  account,
}: {
  readonly account: { readonly id: string; readonly name: string };
}) => (
  <a href={linkTo(['account', account.id])} title={account.id}>
    <Name text={account.name === '' ? account.id : account.name} />
  </a>
);

/** A unit by the part of its path that tells it apart. */
export const UnitLink = ({
  unit,
  isMinor = false,
}: {
  readonly unit: string;
  readonly isMinor?: boolean;
}) => {
  const { unitTitle } = useOrganization();
  return (
    <a
      href={linkTo(['unit', unit])}
      title={shortened(unit, 1_000)}
      {...(isMinor && { class: 'small muted' })}
    >
      <Name text={unitTitle(unit)} />
    </a>
  );
};

/** An owner, or what to say where there is none. */
export const OwnerLink = ({ owner, nobody = '–' }: { readonly owner: string; readonly nobody?: string }) =>
  owner === '' ? (
    <>{nobody}</>
  ) : (
    <a href={linkTo(['owner', owner])}>
      <Name text={owner} />
    </a>
  );

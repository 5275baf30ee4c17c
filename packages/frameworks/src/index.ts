export { assess, type JudgedResource, type RequirementState } from './assess.ts';
export { coverage, NO_RULE_YET, type CoveredRequirement } from './coverage.ts';
export { frameworks } from './frameworks.ts';
export type { Framework, Level } from './framework.ts';
export { mappedCoverage, type MappedCoverage } from './mapped/mapped-coverage.ts';
export { mappedFrameworks, type MappedFramework } from './mapped/mapped-frameworks.ts';
export { frameworkIds, hasLevels, isSelected, selectedRules } from './selection.ts';

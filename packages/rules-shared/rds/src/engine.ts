/**
 * The engines of Neptune and DocumentDB, which share the API and the resource types of RDS.
 * @see https://docs.aws.amazon.com/neptune/latest/apiref/API_DescribeDBInstances.html
 */
const OTHER_SERVICES: Readonly<Record<string, string>> = { neptune: 'Neptune', docdb: 'DocumentDB' };

/** Why no rule on RDS concerns a database of this engine; `undefined`: it is one of RDS. */
export const whyNotRds = (engine: string): string | undefined => {
  const service = OTHER_SERVICES[engine];
  return service && `The database belongs to ${service}, not to RDS.`;
};

export const isAurora = (engine: string): boolean => engine.startsWith('aurora');

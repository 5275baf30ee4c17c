/**
 * The same value with all names in lower case.
 * RDS says DBClusterIdentifier; an item of AWS Config says dBClusterIdentifier for an instance and dbclusterIdentifier
 * for a cluster. The words are the same, so one schema reads all three.
 */
export const lowerNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lowerNames);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toLowerCase(), lowerNames(member)]),
  );
};

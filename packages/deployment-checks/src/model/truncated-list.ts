/** Joins the first items: `a, b and 3 more`. */
export const truncatedList = (items: readonly string[], limit: number, separator = ', '): string => {
  const more = items.length > limit ? ` and ${items.length - limit} more` : '';
  return `${items.slice(0, limit).join(separator)}${more}`;
};

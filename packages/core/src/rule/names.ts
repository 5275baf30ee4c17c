/** Keeps both ends of a name that is too long: names often begin alike. */
export const shortened = (name: string, length = LONGEST_NAME): string => {
  if (name.length <= length) return name;
  if (length === 0) return '';
  const kept = length - 3;
  return `${name.slice(0, Math.ceil(kept / 2))}...${name.slice(name.length - Math.floor(kept / 2))}`;
};

/** As many names as an annotation has room for: `alice, bob, carol and 997 more`. */
export const firstOf = (names: readonly string[], shown = SHOWN, longest = LONGEST_NAME): string => {
  const list = names
    .slice(0, shown)
    .map((name) => shortened(name, longest))
    .join(', ');
  return names.length > shown ? `${list} and ${names.length - shown} more` : list;
};

const SHOWN = 3;
const LONGEST_NAME = 50;

/** The object without one of its members. */
export const omit = <T extends object, Name extends keyof T>(object: T, name: Name): Omit<T, Name> => {
  const { [name]: _, ...rest } = object;
  return rest;
};

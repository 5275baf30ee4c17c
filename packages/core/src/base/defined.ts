type Defined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> };

/** The object without the members that are `undefined`. */
export const defined = <T extends object>(members: T): Defined<T> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter does what the type says.
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;

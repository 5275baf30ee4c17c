/** A filter pattern as a tree. */
export type Expression =
  | { readonly type: 'everything' }
  | { readonly type: 'and' | 'or'; readonly terms: readonly Expression[] }
  | {
      readonly type: 'compare';
      readonly selector: Selector;
      readonly operator: Operator;
      readonly operand: Operand;
    }
  | { readonly type: 'is'; readonly selector: Selector; readonly value: null | boolean }
  | { readonly type: 'exists'; readonly selector: Selector; readonly expected: boolean };

/** The way from the root of an event to a value: names, indexes from 0, and `any` member or element. */
export type Selector = readonly (string | number | typeof ANY)[];
export const ANY = Symbol('any');

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Operand {
  /** Whether a text is the one that the pattern asks for. */
  readonly matches: (text: string) => boolean;
  /** The operand as a number, if it is one. */
  readonly number?: number;
}

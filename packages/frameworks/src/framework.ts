/** A benchmark's profile. Level 2 is for environments that need more, and may cost convenience. */
export type Level = 1 | 2;

/** What a framework asks for. Which rules answer it is in `rule.controls`, never here. */
export interface Requirement {
  readonly id: string;
  readonly title: string;
  /** `null`: the public sources disagree on it. */
  readonly level: Level | null;
  /** Whether the framework itself says that a machine can decide. */
  readonly assessment: 'automated' | 'manual';
  /** What a person does, because no rule can. */
  readonly human?: string;
}

export interface Section {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

export interface Framework {
  /** The key in `rule.controls`: `cis-7.0`. */
  readonly id: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

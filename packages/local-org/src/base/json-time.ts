/** A timestamp of AWS's JSON protocols: seconds since 1970, with a fraction. */
export const toJsonTime = (date: Date): number => date.getTime() / 1000;

export const fromJsonTime = (seconds: number): Date => new Date(Math.round(seconds * 1000));

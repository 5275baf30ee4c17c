/** The environment that stops the clock of a function at this instant. */
export const stoppedClock = (at: Date): Readonly<Record<string, string>> => {
  const script = `
    const RealDate = Date;
    globalThis.Date = class Date extends RealDate {
      constructor(...given) {
        super(...(given.length === 0 ? [${at.getTime()}] : given));
      }
      static now() {
        return ${at.getTime()};
      }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
};

export const runningClock: Readonly<Record<string, string>> = { NODE_OPTIONS: '' };

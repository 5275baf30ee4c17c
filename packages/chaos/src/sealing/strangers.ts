import { HOUR_MS } from '../base/faults.ts';
import { END, START, type SealingWorld } from './world.ts';

/** Others who may write to the intake leave foreign objects, halves of uploads and copies of events in it. */
export const playStrangers = (world: SealingWorld): void => {
  const EVERY_MS = HOUR_MS / 6;
  for (let time = START.getTime() + EVERY_MS; time < END.getTime(); time += EVERY_MS)
    world.scheduler.at(new Date(time), () => leaveSomething(world));
};

const leaveSomething = ({ buckets, random, strange, scheduler }: SealingWorld): void => {
  const intake = buckets.get('intake');
  const known = [...(intake?.keys() ?? [])].filter((key) => !key.includes('stranger'));
  if (!intake || known.length === 0) return;
  const name = `stranger-${strange.objects + strange.lines}`;
  const now = scheduler.clock.now().getTime();
  const source = random.pick(known);
  /** A folder of an hour. What is foreign is named when its hour is sealed, by a clock that is an hour ahead at most. */
  const folderIn = (hours: number) => {
    const hour = new Date(now + hours * HOUR_MS).toISOString().slice(0, 13);
    return source.slice(0, source.lastIndexOf('/')).replace(/arrived=[^/]+/, `arrived=${hour}`);
  };
  switch (random.below(3)) {
    case 0:
      intake.set(`${folderIn(2)}/${name}.txt`, Buffer.from('Mine.'));
      strange.objects += 1;
      break;
    case 1:
      // Half of an upload: the last line ends anywhere.
      intake.set(`${folderIn(0)}/${name}.ndjson`, Buffer.from('{"id":"event-half","time":"2026-11'));
      strange.lines += 1;
      break;
    default: {
      // The event of one account below the key of another.
      const content = intake.get(source) ?? Buffer.alloc(0);
      const elsewhere = folderIn(0).replace(/shard=../, (shard) =>
        shard === 'shard=00' ? 'shard=01' : 'shard=00',
      );
      intake.set(`${elsewhere}/${name}.ndjson`, content.subarray(0, content.indexOf(NEWLINE) + 1));
      strange.lines += 1;
    }
  }
};

const NEWLINE = 0x0a;

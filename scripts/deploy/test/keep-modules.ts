import { keepModules } from './previous-modules.ts';

await keepModules();

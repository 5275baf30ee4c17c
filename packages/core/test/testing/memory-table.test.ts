import { memoryTable } from '../../src/testing/memory-table.ts';
import { describeTableContract } from '../table-contract.ts';

describeTableContract('memoryTable', memoryTable);

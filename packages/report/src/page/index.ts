export { reportOfLedger, reportOfScan } from '../report.ts';
export { reportPage } from './report-page.ts';

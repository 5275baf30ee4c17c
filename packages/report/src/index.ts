export * from './finding.ts';
export * from './findings-csv.ts';
export * from './findings-json.ts';
export * from './findings-table.ts';
export * from './page/report-page.ts';
export * from './report.ts';

export * from './changes.ts';
export * from './folder-ledger.ts';
export * from './ledger-publisher.ts';
export * from './ledger.ts';
export * from './s3-ledger.ts';
export * from './summarise.ts';

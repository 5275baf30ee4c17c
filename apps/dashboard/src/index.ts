export type { ByteRange, DataSource, Part } from './data-source.ts';
export { folderSource } from './folder-source.ts';
export { isPublishedKey, publishedFiles, type PublishedFile } from './published-files.ts';
export { serveDashboard, type Served } from './serve-dashboard.ts';
export { COMPLETE_ACCOUNTS, singleFile, type SingleFileOptions } from './single-file.ts';

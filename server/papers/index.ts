/** Papers: the one door of the feature. Everything is derived when it is asked for. */
export { listPapers, readPaper, readFindings } from './read-papers.ts';
export { readCell, priceCells, queueCells, type QueueOptions } from './cells.ts';
export { exportTable, type ExportedTable } from './export-table.ts';
export { badge } from './badge.ts';

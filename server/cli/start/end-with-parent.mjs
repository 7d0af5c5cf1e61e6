/**
 * Loaded (`--import`) into a child that knows nothing of its supervisor: it ends when that is gone, even
 * by kill -9. Otherwise nobody reads what it prints, and Next reports that error to the same closed pipe,
 * for ever, on a whole core.
 */
const supervisor = process.ppid;
const end = () => process.exit(1);
setInterval(() => {
  if (process.ppid !== supervisor) end();
}, 1000).unref();
for (const stream of [process.stdout, process.stderr]) stream.on('error', end);

/**
 * Frees the buffers of finished steps at moments when a party waits for a message anyway. Left to
 * itself V8 collects them late, the later the busier the machine, and a party then holds up to three
 * times what it needs. With this its peak is foreseeable (benchmarks/memory/run.ts). Collecting at a
 * third of these sizes saves 50 MB of peak and costs a fifth more time (MiniLM, measured).
 */
import v8 from 'node:v8';
import vm from 'node:vm';

/** Buffers allocated since the last collection that make a small one worth its 0.2 to 3 ms. */
const youngBytes = 96e6;
/** Growth over what the last whole collection left, at which there is a whole one, 4 to 10 ms. */
const oldBytes = 128e6;

/** To be called whenever the caller is about to wait. Does nothing where V8 has no such switch. */
export function collectorWhileWaiting(): () => void {
  const collect = exposedCollector();
  if (collect === null) return () => {};
  let afterLast = 0;
  let afterWhole = 0;
  return () => {
    const bytes = bufferBytes();
    if (bytes - afterLast < youngBytes) {
      afterLast = Math.min(afterLast, bytes);
      return;
    }
    const whole = bytes - afterWhole > oldBytes;
    // No argument at all: V8 takes `undefined` for a small collection.
    if (whole) collect();
    else collect({ type: 'minor' });
    afterLast = bufferBytes();
    afterWhole = whole ? afterLast : Math.min(afterWhole, afterLast);
  };
}

function bufferBytes(): number {
  return v8.getHeapStatistics().external_memory;
}

type Collector = (options?: { readonly type: 'minor' }) => void;

/** V8's `gc`, which a context made after the flag was set has as a global. */
function exposedCollector(): Collector | null {
  v8.setFlagsFromString('--expose-gc');
  const found: unknown = vm.runInNewContext('typeof gc === "function" ? gc : null');
  return typeof found === 'function' ? (found as Collector) : null;
}

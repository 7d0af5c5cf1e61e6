/**
 * Tells V8 to judge memory by the whole process instead of collecting garbage after every 64 MB of
 * buffers: tensors are exactly such buffers, and a party's CPU time falls by a third (measured with
 * `parley run`, MiniLM, batch 1) while its memory roughly doubles. Imported for its effect.
 */
import v8 from 'node:v8';

// An unknown V8 option is only reported; Node 24 is the first that is known to have this one.
if (Number(process.versions.node.split('.')[0]) >= 24) {
  v8.setFlagsFromString('--external-memory-accounted-in-global-limit');
}

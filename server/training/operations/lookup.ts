/** Rows of a table by index: the embeddings. */
import { TrainingError } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';

/**
 * table[ids], shape [...ids, width]; the gradient adds up the rows of equal ids.
 * @param table [rows, width]
 * @param ids   int64, each from 0 to rows - 1; onnxruntime refuses others
 */
export function embedding(graph: Graph, table: Value, ids: Value): Value {
  const [rows, width] = table.shape;
  if (rows === undefined || width === undefined || ids.type !== 'int64') {
    throw new TrainingError(
      'graph',
      `embedding: needs a table of two axes and int64 ids, not [${table.shape.join(', ')}] and ${ids.type}.`,
    );
  }
  const count = sizeOf(ids.shape);
  const y = graph.node('Gather', [table, ids], [...ids.shape, width], { attributes: { axis: 0 } });
  return graph.record(y, [table], (gradient) => {
    const places = graph.node('Reshape', [ids, graph.integers([count, 1])], [count, 1], {
      type: 'int64',
    });
    const updates = graph.node(
      'Reshape',
      [gradient, graph.integers([count, width])],
      [count, width],
    );
    const empty = graph.node(
      'Expand',
      [graph.scalar(0), graph.integers([rows, width])],
      [rows, width],
    );
    return [
      graph.node('ScatterND', [empty, places, updates], [rows, width], {
        attributes: { reduction: 'add' },
      }),
    ];
  });
}

/** Which names of cells a JavaScript text uses: its free variables, by its syntax. Loaded with the editor. */
import { parse, type Node } from 'acorn';
import { ancestor } from 'acorn-walk';

const isFunction = ({ type }: Node): boolean => type.includes('Function');

/** Names that patterns and declarations bind anywhere in the text. */
function boundNames(program: Node): ReadonlySet<string> {
  const bound = new Set<string>();
  const bind = (pattern: unknown): void => {
    const node = pattern as { type?: string; name?: string; [key: string]: unknown } | null;
    switch (node?.type) {
      case 'Identifier':
        if (node.name !== undefined) bound.add(node.name);
        return;
      case 'ObjectPattern':
        for (const property of node['properties'] as { value?: unknown; argument?: unknown }[]) {
          bind(property.value ?? property.argument);
        }
        return;
      case 'ArrayPattern':
        for (const element of node['elements'] as unknown[]) bind(element);
        return;
      case 'AssignmentPattern':
        bind(node['left']);
        return;
      case 'RestElement':
        bind(node['argument']);
        return;
      default:
    }
  };
  ancestor(program, {
    VariableDeclarator: ({ id }) => bind(id),
    Function: ({ id, params }) => {
      bind(id);
      params.forEach(bind);
    },
    Class: ({ id }) => bind(id),
    CatchClause: ({ param }) => bind(param),
  });
  return bound;
}

/**
 * Those of `known` that the text uses and nowhere declares itself; null where it is no JavaScript.
 * The text is the body of an async function, so `return` and `await` may stand in it.
 */
export function usedNames(code: string, known: readonly string[]): readonly string[] | null {
  let program: Node;
  try {
    program = parse(code, {
      ecmaVersion: 'latest',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    });
  } catch {
    return null;
  }
  const bound = boundNames(program);
  const used = new Set<string>();
  ancestor(program, {
    Identifier: ({ name }, _, ancestors) => {
      const parent = ancestors.at(-2);
      if (parent !== undefined && isFunction(parent) && bound.has(name)) return;
      if (known.includes(name) && !bound.has(name)) used.add(name);
    },
  });
  return known.filter((name) => used.has(name));
}

/** `parley models list`: models that a run can name. `parley models verify FOLDER`: whether one is whole. */
import { ZooError } from '../../zoo/errors.ts';
import { listModels } from '../../zoo/registry.ts';
import { shapeModelNote, shapeModels } from '../../zoo/shape-models.ts';
import { verifyFolder } from '../../zoo/verify-folder.ts';
import { formatColumns } from '../costs/columns.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../format.ts';

export async function modelsListCommand(options: { readonly json?: boolean }): Promise<number> {
  const rows = [
    ...(await listModels()).map(({ id, title, licence }) => ({ id, title, note: licence })),
    ...shapeModels.map(({ id, title }) => ({ id, title, note: shapeModelNote })),
  ];
  console.log(
    options.json === true
      ? JSON.stringify(rows, null, 2)
      : formatColumns(
          ['model', 'title', 'licence'],
          rows.map(({ id, title, note }) => [id, title, note]),
        ),
  );
  return exitCodes.ok;
}

/** Exit code 1 where the folder is refused, with the reason. */
export async function modelsVerifyCommand(
  folder: string,
  options: { readonly json?: boolean },
): Promise<number> {
  try {
    const found = await verifyFolder(folder);
    console.log(
      options.json === true
        ? JSON.stringify(found, null, 2)
        : formatTable([
            ['architecture', found.architecture],
            ['tensors', String(found.tensors)],
            ['parameters', found.parameters.toLocaleString('en-US')],
            ['SHA-256', found.sha256],
          ]),
    );
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ZooError)) throw error;
    console.error(error.message);
    return exitCodes.failed;
  }
}

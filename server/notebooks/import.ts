/** Use case of the command line: a file becomes a notebook's text; what is wrong is told as a refusal. */
import { importNotebook as importText, type ImportedText } from '../api/schemas/notebook-import.ts';
import { RunError } from '../runs/errors.ts';

/** @throws RunError 'invalid' */
export function importNotebook(fileName: string, text: string): ImportedText {
  try {
    return importText(fileName, text);
  } catch (error) {
    throw new RunError(
      'invalid',
      `${fileName}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The command line as a process: runs the command and turns what goes wrong into a sentence. */
import { parleyProgram } from './program.ts';

try {
  await parleyProgram().parseAsync();
} catch (error) {
  // Sentences are for people; anything else is a defect and shows where it happened.
  const named =
    error instanceof Error &&
    /^(Run|Zoo|Engine|Database|Launch|Training|Keep|Accounts)Error$/.test(error.name);
  console.error(named ? error.message : error);
  process.exitCode = 1;
}

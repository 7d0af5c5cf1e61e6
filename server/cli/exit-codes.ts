/** Exit codes of every command, documented in `parley --help`. */
export const exitCodes = {
  /** It worked; a run that was waited for is done. */
  ok: 0,
  /** Refused, not found, or a run that was waited for did not end as done. */
  failed: 1,
  /** `costs`: the options make no sense. */
  usage: 2,
  /** Ctrl-C: left before the end. */
  interrupted: 130,
} as const;

export const exitCodeHelp = `
Exit codes:
  0    it worked; a run that was waited for is done
  1    refused, not found, or a run that was waited for failed, was cancelled or lost;
       with --strict also when its network was not as asked
  2    costs: options that make no sense together
  130  left with Ctrl-C before the end

All but train take --json. Commands use the database and the worker of the running app where there
is one (npm start); else they start both for their own time. PARLEY_DATA names the data folder.`;

/**
 * npm's install hook: kernels, database client, command link. It never fails an installation; what
 * it could not do, `npm start` does again and reports.
 */
import { refusal } from './find-node.mjs';

const problem = refusal();
if (problem !== undefined) {
  console.error(`parley: ${problem}`);
} else {
  try {
    const { buildAddon, generateClient, linkCommand } = await import('./prepare.mjs');
    const results = await Promise.allSettled([buildAddon(), generateClient(), linkCommand()]);
    for (const { status, reason } of results) {
      if (status === 'rejected')
        console.error(`parley: ${reason?.message ?? reason}; npm start tries again`);
    }
    const [addon] = results;
    if (addon.status === 'fulfilled' && addon.value !== '') console.log(addon.value);
  } catch (error) {
    console.error(`parley: ${error?.message ?? error}; npm start tries again`);
  }
}

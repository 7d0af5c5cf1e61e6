/** A worker that makes a kernel network and starts a role in it, tells both processes, and waits to be killed. */
import { spawn } from 'node:child_process';
import { switchBackend } from '../../server/network/kernel/switch.ts';

const net = await switchBackend.start({ roles: [0, 1], link: undefined, topology: 'pair' });
const { command, args } = net.entrance(0) ?? { command: '', args: [] };
const idle = 'console.log("inside"); setInterval(() => {}, 1000)';
const role = spawn(command, [...args, process.execPath, '-e', idle], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
role.stdout.once('data', () => {
  const [, userNs = ''] = args;
  process.send?.({ pids: [Number(userNs.split('/')[2]), role.pid] });
});
setInterval(() => {}, 1000);

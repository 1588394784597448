/** Who runs on which core: the bench and what it asks with on one, what is measured on another, where there are two. */
import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Every thread that the process has, and those it will start. */
function pin(pid: number, list: string): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', list, `${pid}`], { stdio: 'ignore' });
}

/** Until it is let go again. */
export const pinGenerator = (): void => pin(process.pid, '0');
export const letGo = (): void => pin(process.pid, `0-${availableParallelism() - 1}`);
export const pinService = (pid: number): void => pin(pid, '1');

/** For the conditions of a figure. */
export const cores = canPin ? 'generator and service on a core each' : 'cores shared by generator and service';

/** The same for a command that is still to be run. */
export const onServiceCore = (command: string, args: string[]): [string, string[]] =>
  canPin ? ['taskset', ['-c', '1', command, ...args]] : [command, args];

// The `voicecall sandbox` command as a child process: it prints one line when ready and ends when its input closes.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const MISSING =
  'Install it with `cargo install voicecall-cli` or `pip install voicecall-cli`, ' +
  'or name it: Sandbox.start({ command }) or the variable VOICECALL_COMMAND';

/** A running command and the line that it said it is ready with. */
export interface Started {
  readonly process: ChildProcess;
  readonly line: string;
}

/** Starts the command and waits for its line. */
export async function startCommand(command: string, args: readonly string[]): Promise<Started> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
  const lines = createInterface({ input: child.stdout! });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', (error) => reject(notStarted(command, error)));
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code} before it was ready`)));
  });
  lines.close();
  child.stdout!.resume();
  // A test that forgets to stop its sandbox still ends, and takes the sandbox with it: its input closes.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref();
  return { process: child, line };
}

/** Closes the command's input and waits for its end. */
export async function stopCommand({ process }: Started): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  process.ref();
  const exit = once(process, 'exit');
  process.stdin!.end();
  await exit;
}

function notStarted(command: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  return new Error(`the command ${command} is not there. ${MISSING}`, { cause: error });
}

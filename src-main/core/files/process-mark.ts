/** Tells a process from a later one with the same number. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** Clocks of `ps` and PowerShell have whole seconds, and processes take a moment to start, in milliseconds. */
const startTolerance = 5_000;

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Where process numbers mean the same: this computer, and on Linux the same container. */
export function processNumberSpace(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: one space of numbers for each computer.
  }
  return short(`${hostname()} ${namespace}`);
}

/** A running process's mark on Linux; empty for one that has ended but is still listed, null where it is hidden. */
function linuxMark(pid: number | 'self'): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return '';
    return short(`${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${started}`);
  } catch {
    return null;
  }
}

/** What tells this process from others with its number: on Linux its start in clock ticks since the boot, else the time. */
export function ownProcessMark(): string {
  const started = Math.round(Date.now() - process.uptime() * 1000);
  return (process.platform === 'linux' && linuxMark('self')) || `t${started}`;
}

/** When a process of this computer was started, in milliseconds since 1970; null when that cannot be learnt. */
async function startedAt(pid: number): Promise<number | null> {
  const windows = process.platform === 'win32';
  const utc = `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`;
  const [command, args] = windows
    ? ['powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', utc]]
    : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const { stdout } = await promisify(execFile)(command, args, { env, timeout: 10_000, windowsHide: true });
    const time = Date.parse(windows ? stdout.trim() : `${stdout.trim()} UTC`);
    return Number.isNaN(time) ? null : time;
  } catch {
    return null;
  }
}

/**
 * Whether the process with a number and a mark still runs. In doubt it does.
 * @param mark as its `ownProcessMark` was
 */
export async function isProcessAlive(pid: number, mark: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (!mark.startsWith('t')) {
    const found = linuxMark(pid);
    return found === null || found === mark;
  }
  const started = await startedAt(pid);
  return started === null || Math.abs(started - Number(mark.slice(1))) < startTolerance;
}

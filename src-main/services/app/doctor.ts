/** What runs on which machine, and whether it computes. */
import { arch, platform, totalmem } from 'node:os';
import { availableCores } from '../../backends/available-cores.ts';
import type { DoctorReport } from '../../contract/app/app.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { EngineClient } from '../base/engine-client.ts';

/**
 * Everything about the engine and the machine. Never throws: what fails is in the report.
 * @param versions of Lenslet, and of Electron where there is one
 */
export async function examineEngine(
  client: EngineClient,
  versions: { lenslet: string; electron: string | null },
): Promise<Omit<DoctorReport, 'fastMath'>> {
  const machine = {
    ...versions,
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cores: availableCores(),
    memoryGigabytes: totalmem() / 2 ** 30,
  };
  try {
    const { engine, device, version: engineVersion, rejected } = await client.describe();
    const test = await client.ask((process) => process.selfTest());
    return { engine, device, version: engineVersion, rejected, ...test, ...machine };
  } catch (error) {
    const { engine, device, version: engineVersion, rejected } = client.status();
    const selfTestDetail = AppError.from(error).message;
    const selfTest = engine === null ? ('not run' as const) : ('failed' as const);
    const test = { selfTest, selfTestDetail, stepMilliseconds: null, frozenNetworks: '' };
    return { engine, device, version: engineVersion, rejected, ...test, ...machine };
  }
}

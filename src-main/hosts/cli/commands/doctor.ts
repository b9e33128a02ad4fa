import type { DoctorReport } from '../../../contract/app/app.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { table } from '../text.ts';

function fastMathText({ on, offered, instructions }: DoctorReport['fastMath']): string {
  const state = on ? 'on (bfloat16: results differ in the third digit)' : 'off';
  if (offered) return `${state}; this processor gains from it (${(instructions ?? []).join(', ')})`;
  if (instructions === null) return `${state}; whether this processor gains from it is unknown here`;
  return `${state}; this processor gains nothing from it`;
}

function report(doctor: DoctorReport): string {
  const engine =
    doctor.engine === null ? 'none' : `${doctor.engine} ${doctor.version ?? ''} on ${doctor.device ?? '?'}`;
  const step = doctor.stepMilliseconds;
  const facts = [
    ['Engine', engine],
    ['Self-test', `${doctor.selfTest}${doctor.selfTestDetail ? `: ${doctor.selfTestDetail}` : ''}`],
    [
      'Speed',
      step === null ? 'not measured' : `${step.toFixed(0)} ms a training step (batch of 20, 150×150)`,
    ],
    ['Features', `computed with ${doctor.frozenNetworks || 'nothing'}`],
    ['Fast maths', fastMathText(doctor.fastMath)],
    ['Lenslet', doctor.lenslet],
    ['Node', doctor.node],
    ['Electron', doctor.electron ?? 'not used'],
    ['Machine', `${doctor.platform}, ${doctor.cores} cores, ${doctor.memoryGigabytes.toFixed(1)} GB memory`],
  ];
  const lines = facts.map(([name, fact]) => `${name.padEnd(10)} ${fact}`);
  if (doctor.rejected.length === 0) return lines.join('\n');
  const rejected = doctor.rejected.map(({ engine: id, reason, remedy }) => [id, reason, remedy]);
  return [...lines, '', 'Not used:', table([['engine', 'why', 'remedy'], ...rejected])].join('\n');
}

/** `lenslet doctor`: what the engine is, why, whether it works and how fast. */
export async function doctor(output: Output): Promise<void> {
  await withSession(output, async ({ client }) => {
    output.progress(Number.NaN, 'looking at the engines');
    const found = await client.app.doctor();
    output.answer(found, report(found));
  });
}

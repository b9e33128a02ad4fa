import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AppError,
  type ErrorCode,
  describeError,
  errorCatalogue,
  isErrorData,
} from '../../../../src-main/contract/shared/errors.ts';

describe('error catalogue', () => {
  const codes = Object.keys(errorCatalogue) as ErrorCode[];

  it.each(codes)('%s says what happened and what to do, in whole sentences', (code) => {
    const { message, remedy } = errorCatalogue[code];
    expect(message).toMatch(/[.!?]$/);
    expect(remedy).toMatch(/[.!?]$/);
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it('holds every code of every domain once', () => {
    const folder = 'src-main/contract/shared/errors';
    const written = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/^ {2}([A-Z_]+): \{/gm)].map(([, code]) => code),
    );
    expect(written.sort()).toEqual([...codes].sort());
  });

  it('fills the holes and leaves unknown ones visible', () => {
    const { message } = describeError('IMAGE_TOO_LARGE', { megapixels: 900 });
    expect(message).toBe('The image has 900 megapixels; the limit is {limit}.');
  });
});

describe('AppError', () => {
  it('survives the boundary with code, kind, params and words', () => {
    const data = JSON.parse(
      JSON.stringify(new AppError('PROJECT_LOCKED', { path: 'cats', pid: 7 }).toData()),
    ) as ReturnType<AppError['toData']>;
    const rebuilt = AppError.fromData(data);
    expect(rebuilt).toBeInstanceOf(AppError);
    expect(rebuilt.code).toBe('PROJECT_LOCKED');
    expect(rebuilt.message).toContain('process 7');
    expect(rebuilt.remedy).toBe('Close it there first.');
  });

  it('takes only data with a code of the catalogue for an error', () => {
    expect(isErrorData(new AppError('DISK_FULL', { path: 'a' }).toData())).toBe(true);
    for (const other of [null, 'DISK_FULL', {}, { code: 'toString' }, { code: 'NO_SUCH_CODE' }, { code: 7 }])
      expect(isErrorData(other)).toBe(false);
  });

  it('tells cancelling from failing from bugs', () => {
    const abort = new DOMException('stop', 'AbortError');
    expect(AppError.from(abort)).toMatchObject({ code: 'CANCELLED', kind: 'cancelled' });
    expect(AppError.from(new TypeError('x is undefined'))).toMatchObject({
      code: 'INTERNAL_BUG',
      kind: 'bug',
    });
    const own = new AppError('DISK_FULL', { path: 'a' });
    expect(AppError.from(own)).toBe(own);
  });
});

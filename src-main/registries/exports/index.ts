/** All formats that models leave in, in the order shown. Adding one is adding its file and its line here. */
import { AppError } from '../../contract/shared/errors.ts';
import type { ExportFormat } from '../../engine/exports/export-format.ts';
import { onnx } from './onnx.ts';

export const exportFormats: readonly ExportFormat[] = [onnx];

/** A format by id. @throws AppError EXPORT_FORMAT_UNKNOWN */
export function findExportFormat(id: string): ExportFormat {
  const format = exportFormats.find((one) => one.id === id);
  if (format !== undefined) return format;
  throw new AppError('EXPORT_FORMAT_UNKNOWN', { id, known: exportFormats.map((one) => one.id).join(', ') });
}

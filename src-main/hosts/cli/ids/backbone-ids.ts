/** What `--help` lists. Written out, as `recipe-ids.ts` is; a test compares them with the backbones. */
export const backboneIds: readonly string[] = [
  'efficientnet-lite0',
  'efficientnet-lite1',
  'efficientnet-lite2',
  'vgg16',
  'mobilenet',
  'mobilenet-v2',
  'efficientnet-b0',
  'resnet50',
  'squeezenet',
];

/** What programs for Node need in an export: versions of ONNX Runtime and sharp, and no install scripts. */
const manifest = {
  name: 'lenslet-export',
  private: true,
  type: 'module',
  dependencies: { 'onnxruntime-node': '^1.20.0', sharp: '>=0.33' },
};

/** The files, by name. */
export const nodePackage: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
  // The install script of ONNX Runtime fetches libraries for CUDA, which are not used.
  '.npmrc': 'ignore-scripts=true\n',
};

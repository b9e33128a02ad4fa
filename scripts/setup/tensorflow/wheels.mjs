// @ts-check
/**
 * The pinned wheels that hold TensorFlow's C library. To move to a newer TensorFlow, change versions and hashes here
 * (`pip install --dry-run --report` prints them) and run `npm run setup`.
 */

export const tensorflowVersion = '2.18.1';

/** @typedef {{ name: string, version: string, sha256: string }} Wheel */

/**
 * @typedef {object} WheelSet
 * @property {readonly string[]} platforms pip's platform tags, oldest system first
 * @property {readonly Wheel[]} wheels
 * @property {number} downloadMegabytes
 * @property {number} installedMegabytes
 */

/** The wheels are tagged for one Python, but nothing of what we take from them is Python. */
export const pythonVersion = '3.11';

/** @type {WheelSet} */
const cpuX64 = {
  platforms: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  wheels: [
    {
      name: 'tensorflow-cpu',
      version: tensorflowVersion,
      sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
    },
  ],
  downloadMegabytes: 230,
  installedMegabytes: 690,
};

/** @type {WheelSet} */
const cpuArm64 = {
  platforms: ['manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
  wheels: [
    {
      name: 'tensorflow',
      version: tensorflowVersion,
      sha256: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
    },
  ],
  downloadMegabytes: 232,
  installedMegabytes: 770,
};

/** Untried: the library, its headers and the names it asks for are as under Linux. @type {WheelSet} */
const cpuMacArm64 = {
  platforms: ['macosx_12_0_arm64'],
  wheels: [
    {
      name: 'tensorflow',
      version: tensorflowVersion,
      sha256: '661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508',
    },
  ],
  downloadMegabytes: 240,
  installedMegabytes: 660,
};

/** The CUDA libraries are those that TensorFlow's extra `and-cuda` asks for. @type {WheelSet} */
const gpuX64 = {
  platforms: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  wheels: [
    {
      name: 'tensorflow',
      version: tensorflowVersion,
      sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
    },
    {
      name: 'nvidia-cublas-cu12',
      version: '12.5.3.2',
      sha256: 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
    },
    {
      name: 'nvidia-cuda-cupti-cu12',
      version: '12.5.82',
      sha256: 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
    },
    {
      name: 'nvidia-cuda-nvcc-cu12',
      version: '12.5.82',
      sha256: 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
    },
    {
      name: 'nvidia-cuda-nvrtc-cu12',
      version: '12.5.82',
      sha256: '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
    },
    {
      name: 'nvidia-cuda-runtime-cu12',
      version: '12.5.82',
      sha256: '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
    },
    {
      name: 'nvidia-cudnn-cu12',
      version: '9.3.0.75',
      sha256: '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
    },
    {
      name: 'nvidia-cufft-cu12',
      version: '11.2.3.61',
      sha256: '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
    },
    {
      name: 'nvidia-curand-cu12',
      version: '10.3.6.82',
      sha256: '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
    },
    {
      name: 'nvidia-cusolver-cu12',
      version: '11.6.3.83',
      sha256: '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
    },
    {
      name: 'nvidia-cusparse-cu12',
      version: '12.5.1.3',
      sha256: '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
    },
    {
      name: 'nvidia-nccl-cu12',
      version: '2.21.5',
      sha256: '8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0',
    },
    {
      name: 'nvidia-nvjitlink-cu12',
      version: '12.5.82',
      sha256: 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
    },
  ],
  downloadMegabytes: 2425,
  installedMegabytes: 4000,
};

/** @type {Readonly<Record<string, WheelSet>>} */
const cpuWheels = { 'linux-x64': cpuX64, 'linux-arm64': cpuArm64, 'darwin-arm64': cpuMacArm64 };

/**
 * The wheels for a platform.
 * @param {'cpu' | 'gpu'} kind
 * @param {string} platform such as `linux-x64`
 * @returns {WheelSet | null} null where there are none that we know to fit
 */
export function wheelsFor(kind, platform) {
  if (kind === 'gpu') return platform === 'linux-x64' ? gpuX64 : null;
  return cpuWheels[platform] ?? null;
}

/**
 * What is taken from a wheel and where it goes: a pattern over the member's path, and the place in the folder that
 * is being made. CUDA's libraries go where TensorFlow's own library looks for them (its runpath: ../nvidia/…).
 * @type {readonly [string, string][]}
 */
export const wheelContents = [
  ['^tensorflow/(libtensorflow_(?:cc|framework)\\.(?:so\\.2|2\\.dylib))$', 'runtime/deps/lib/\\1'],
  ['^tensorflow/THIRD_PARTY_NOTICES\\.txt$', 'runtime/licences/tensorflow-third-party-notices.txt'],
  ['^tensorflow/include/LICENSE$', 'runtime/licences/tensorflow-licence.txt'],
  ['^tensorflow/include/((?:tensorflow/c|tsl/c|xla/tsl/c)/.*\\.h)$', 'include/\\1'],
  ['^tensorflow/include/((?:tensorflow/core|tsl)/platform/ctstring\\w*\\.h)$', 'include/\\1'],
  ['^nvidia/(\\w+/(?:lib|bin|nvvm)/.*(?<!\\.h)(?<!__init__\\.py))$', 'runtime/deps/nvidia/\\1'],
  ['^(nvidia_\\w+)-[^/]+\\.dist-info/License\\.txt$', 'runtime/licences/\\1.txt'],
];

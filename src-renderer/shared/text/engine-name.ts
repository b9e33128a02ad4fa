/** Engine ids as people read them. */
const names: Record<string, string> = {
  tensorflow: 'TensorFlow',
  'tensorflow-gpu': 'TensorFlow on the GPU',
  webgpu: 'WebGPU',
  cpu: 'JavaScript',
};

/** `cpu` → `CPU`; names of devices stay as they are. */
export function deviceName(device: string | null): string {
  return device === null
    ? 'unknown device'
    : device === 'cpu' || device === 'gpu'
      ? device.toUpperCase()
      : device;
}

/** `tensorflow` → `TensorFlow`; an unknown id stays as it is. */
export function engineName(id: string | null): string {
  return id === null ? 'none' : (names[id] ?? id);
}

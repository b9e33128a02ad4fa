// @ts-check
/** Run with an addon's path: adds two numbers with TensorFlow and says which version it is. */
import { createRequire } from 'node:module';

const binding = createRequire(import.meta.url)(process.argv[2]);
const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
const one = binding.createTensor([1], binding.TF_FLOAT, new Float32Array([1]));
const two = binding.createTensor([1], binding.TF_FLOAT, new Float32Array([2]));
const [sum] = binding.executeOp('AddV2', [type], [one, two], 1);
if (binding.tensorDataSync(sum.id)[0] !== 3) throw new Error('1 + 2 is not 3');
console.log(JSON.stringify({ tensorflow: binding.TF_Version, gpu: binding.isUsingGpuDevice() }));

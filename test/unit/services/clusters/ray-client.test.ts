import { expect, test } from 'vitest';
import { followSocket } from '../../../../src-main/hosts/node/follow-socket.ts';
import { entrypoint } from '../../../../src-main/services/clusters/job-packages.ts';
import { RayClient, clusterAddress } from '../../../../src-main/services/clusters/ray-client.ts';

test('an address is that of a dashboard, with the usual port where none is given', () => {
  expect(clusterAddress('http://head:8265')).toBe('http://head:8265');
  expect(clusterAddress('head')).toBe('http://head:8265');
  expect(clusterAddress('10.0.0.5:9000/')).toBe('http://10.0.0.5:9000');
  expect(clusterAddress('https://ray.example.org')).toBe('https://ray.example.org');
  for (const word of [
    '',
    'ftp://head',
    'http://user:pass@head',
    'http://head/path',
    'http://head?x=1',
    'ray://head:10001',
  ])
    expect(() => clusterAddress(word)).toThrow(expect.objectContaining({ code: 'CLUSTER_ADDRESS_INVALID' }));
});

test('the command of a job holds numbers alone', () => {
  expect(entrypoint({ cpus: 0.5, gpus: 0.25, actors: 3 })).toBe(
    'python lenslet_job.py --cpus 0.5 --gpus 0.25 --actors 3',
  );
  const hostile = { cpus: '1; rm -rf /' as unknown as number, gpus: 0, actors: 0 };
  expect(entrypoint(hostile)).toBe('python lenslet_job.py --cpus NaN --gpus 0 --actors 0');
});

test('a cluster that is not there is named', async () => {
  await expect(new RayClient('http://127.0.0.1:1', followSocket).version()).rejects.toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
  });
});

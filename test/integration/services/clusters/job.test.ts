/** The Python that runs on clusters, without one: it reads shards, computes what is computed here, and says what it cannot read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { clusterFolder } from '../../../../src-main/hosts/node/places.ts';
import { tarEnd, webDatasetEntries } from '../../../../src-main/services/exports/tar-file.ts';
import { importShapesWithNetwork } from '../../../fixtures/narrow-project.ts';
import { onnxPackages, pythonWith, runPython } from '../../../fixtures/python-environment.ts';
import { type TrainingCore, trainingCore } from '../../../fixtures/training-core.ts';

const { python, missing } = pythonWith(...onnxPackages);
const script = (text: string): string =>
  `import json, sys\nsys.path.insert(0, ${JSON.stringify(clusterFolder)})\nimport lenslet_job as job\n${text}`;

describe.skipIf(python === null)(`the job of a cluster ${missing ?? ''}`, () => {
  let core: TrainingCore;
  let shards: string;
  const work = { emit: () => undefined, signal: new AbortController().signal };
  const run = (text: string): string => runPython(python!, ['-c', script(text)], shards);
  beforeAll(async () => {
    core = await trainingCore();
    await importShapesWithNetwork(core, 6);
    shards = join(core.folder, 'shards');
    await core.core.shards.write({}, { out: shards, overwrite: false, perShard: 100 }, work);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await core.close();
  });

  test('agrees with the golden photos, and its results are imported', async () => {
    const printed = run(`
record = json.load(open("shards.json"))
difference, allowed = job.golden_difference(record, ".", False)
assert difference <= allowed <= 1, (difference, allowed)
model = record["model"]
network = job.Network(model, ".", False, 1)
for photo in job.photos_of("photos-000000.tar", model["imageSize"], model["channels"]):
    print(json.dumps(job.line(model, photo["hash"], network.run(photo["pixels"][None])[0], photo["error"])))`);
    const results = join(core.folder, 'results.jsonl');
    writeFileSync(results, printed);
    const { imported, unchanged, compared, largestDifference } = await core.core.shards.import(
      {},
      results,
      work,
    );
    expect([imported + unchanged, compared]).toEqual([12, 10]);
    expect(largestDifference).toBeLessThan(1e-4);
  });

  test('names photos that it cannot read, and goes on with the others', () => {
    const png = Buffer.from('not a picture');
    const entries = webDatasetEntries({
      key: 'a'.repeat(64),
      ending: '.png',
      bytes: png,
      label: null,
      about: {},
    });
    writeFileSync(join(shards, 'broken.tar'), Buffer.concat([entries, tarEnd]));
    const printed = run(`
for photo in job.photos_of("broken.tar", 224, 3):
    print(json.dumps(job.line({"id": "m"}, photo["hash"], photo["pixels"], photo["error"])))
try:
    job.find("nowhere.tar", ".")
except FileNotFoundError as error:
    print(json.dumps(str(error)))
print(json.dumps(job.missing_packages(["json", "no_such_package"])))`);
    const [broken, nowhere, absent] = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(broken).toMatchObject({
      hash: 'a'.repeat(64),
      model: 'm',
      error: expect.stringContaining('cannot identify') as string,
    });
    expect(nowhere).toContain('nowhere.tar');
    expect(absent).toEqual(['no_such_package']);
  });
});

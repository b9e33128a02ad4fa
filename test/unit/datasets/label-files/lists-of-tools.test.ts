import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLabelFile } from '../../../../src-main/datasets/label-files/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-lists-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array, name = 'list.csv') {
  const path = join(folder, name);
  writeFileSync(path, content);
  const list = await readLabelFile(path);
  return {
    rows: list.rows.map(({ path: of, label, split }) => [of, label, split]),
    ambiguous: list.ambiguous,
    remarks: list.remarks.map(({ code }) => code),
    params: Object.assign({}, ...list.remarks.map(({ params }) => params)) as Record<string, unknown>,
  };
}

/** Numbers as ids, from 1: enough of them that each column shows what it holds. */
const ids = Array.from({ length: 12 }, (_, at) => String(1001 + at));

describe('lists that other tools write', () => {
  test.each<[string, string, [string, string | null, string | undefined][]]>([
    [
      'Roboflow: one column a class',
      'filename, cat, dog\na.rf.1.jpg, 1, 0\nb.rf.2.jpg, 0, 1\n',
      [
        ['a.rf.1.jpg', 'cat', undefined],
        ['b.rf.2.jpg', 'dog', undefined],
      ],
    ],
    [
      'ISIC: one column a class as decimals, ids without an ending',
      'image,MEL,NV,BCC\nISIC_0024306,0.0,1.0,0.0\nISIC_0024307,1.0,0.0,0.0\n',
      [
        ['ISIC_0024306', 'NV', undefined],
        ['ISIC_0024307', 'MEL', undefined],
      ],
    ],
    [
      'GTSRB: sizes and a region before the class',
      'Filename;Width;Height;Roi.X1;ClassId\n00.ppm;29;30;5;0\n01.ppm;30;31;5;13\n',
      [
        ['00.ppm', '0', undefined],
        ['01.ppm', '13', undefined],
      ],
    ],
    [
      'GTSRB on Kaggle: the photo in the last column',
      'Width,Height,Roi.X1,ClassId,Path\n29,30,5,20,Train/20/a.png\n30,31,5,7,Train/7/b.png\n',
      [
        ['Train/20/a.png', '20', undefined],
        ['Train/7/b.png', '7', undefined],
      ],
    ],
    [
      'Kaggle dog breeds: ids and one more column of an unknown name',
      'id,breed\n000bec180eb18c76,boston_bull\n001513dfcb2ffafc,dingo\n',
      [
        ['000bec180eb18c76', 'boston_bull', undefined],
        ['001513dfcb2ffafc', 'dingo', undefined],
      ],
    ],
    [
      'HAM10000: the diagnosis among other facts',
      'lesion_id,image_id,dx,dx_type,age\nHAM_1,ISIC_1,bkl,histo,80\nHAM_1,ISIC_2,nv,histo,80\n',
      [
        ['ISIC_1', 'bkl', undefined],
        ['ISIC_2', 'nv', undefined],
      ],
    ],
    [
      'Vertex AI: split, address, class without a heading',
      'TRAIN,gs://bucket/a%20b.jpg,cat\nVALIDATION,gs://bucket/c.jpg,dog\nTEST,gs://bucket/d.jpg,dog\n',
      [
        ['a b.jpg', 'cat', 'train'],
        ['c.jpg', 'dog', 'validation'],
        ['d.jpg', 'dog', 'test'],
      ],
    ],
    [
      'TensorFlow object detection: a box a row, twice the same class',
      'filename,width,height,class,xmin,ymin\na.jpg,9,9,cat,1,1\na.jpg,9,9,cat,3,3\nb.jpg,9,9,dog,1,1\n',
      [
        ['a.jpg', 'cat', undefined],
        ['a.jpg', 'cat', undefined],
        ['b.jpg', 'dog', undefined],
      ],
    ],
    [
      'RetinaNet: boxes without a heading',
      'a.jpg,1,2,3,4,cat\nb.jpg,1,2,3,4,dog\n',
      [
        ['a.jpg', 'cat', undefined],
        ['b.jpg', 'dog', undefined],
      ],
    ],
    [
      'MXNet: number, class and path between tabs',
      ids.map((id, at) => `${id}\t${at % 2}\tset/${id}.jpg`).join('\n'),
      ids.map((id, at) => [`set/${id}.jpg`, String(at % 2), undefined]),
    ],
    [
      'ImageNet: path and number between spaces',
      'n01440764/a.JPEG 0\nn01443537/b.JPEG 1\n',
      [
        ['n01440764/a.JPEG', '0', undefined],
        ['n01443537/b.JPEG', '1', undefined],
      ],
    ],
    [
      'number and name of a class: the name',
      'image_path,category_id,category_name\na.jpg,3,cat\nb.jpg,4,dog\n',
      [
        ['a.jpg', 'cat', undefined],
        ['b.jpg', 'dog', undefined],
      ],
    ],
    [
      'a German spreadsheet',
      'Datei;Klasse\na.jpg;Kätzchen\nb.jpg;Hündchen\n',
      [
        ['a.jpg', 'Kätzchen', undefined],
        ['b.jpg', 'Hündchen', undefined],
      ],
    ],
    [
      'a heading of unknown words over numbers',
      'Nr,Rasse\n0001,Dackel\n0002,Pudel\n0003,Dackel\n',
      [
        ['0001', 'Dackel', undefined],
        ['0002', 'Pudel', undefined],
        ['0003', 'Dackel', undefined],
      ],
    ],
    [
      'bars between columns',
      'file|label\na.jpg|cat\nb.jpg|dog\n',
      [
        ['a.jpg', 'cat', undefined],
        ['b.jpg', 'dog', undefined],
      ],
    ],
    [
      'a heading over photos alone',
      'filename\na.jpg\nb.jpg\n',
      [
        ['a.jpg', null, undefined],
        ['b.jpg', null, undefined],
      ],
    ],
  ])('%s', async (_what, text, rows) => {
    expect((await read(text)).rows).toEqual(rows);
  });

  test.each([
    [
      'JSON Lines of Hugging Face',
      '{"file_name":"a.jpg","label":"cat"}\n{"file_name":"b.jpg","label":"dog"}\n',
    ],
    [
      'a manifest of Amazon',
      ['cat', 'dog']
        .map((name, at) =>
          JSON.stringify({
            'source-ref': `s3://bucket/${'ab'[at]}.jpg`,
            animal: at,
            'animal-metadata': { 'class-name': name, confidence: 1 },
          }),
        )
        .join('\n'),
    ],
    [
      'records',
      JSON.stringify([
        { filename: 'a.jpg', category: 'cat' },
        { filename: 'b.jpg', category: 'dog' },
      ]),
    ],
    ['photos and labels', JSON.stringify({ 'a.jpg': 'cat', 'b.jpg': 'dog' })],
  ])('%s', async (_what, text) => {
    expect((await read(text, 'list.json')).rows).toEqual([
      ['a.jpg', 'cat', undefined],
      ['b.jpg', 'dog', undefined],
    ]);
  });

  test('lists whose classes are not clear are refused with their columns', async () => {
    const text = `id,width,height\n${ids.map((id, at) => `${id},${30 + (at % 3)},${40 + (at % 2)}`).join('\n')}`;
    await expect(read(text)).rejects.toMatchObject({
      code: 'DATASET_LIST_COLUMNS',
      params: { columns: '“id”, “width”, “height”' },
    });
    const bare = ids.map((id, at) => `${id}.jpg,${30 + (at % 3)},${40 + (at % 2)}`).join('\n');
    await expect(read(bare)).rejects.toMatchObject({
      code: 'DATASET_LIST_COLUMNS',
      params: { columns: '“column 1”, “column 2”, “column 3”' },
    });
  });
});

describe('what is left out is counted', () => {
  test('several classes for a photo, in one row, in one cell and in two rows', async () => {
    const hot = await read('filename,cat,dog\na.jpg,1,1\nb.jpg,0,1\nc.jpg,0,0\n');
    expect(hot).toMatchObject({
      ambiguous: 1,
      remarks: expect.arrayContaining(['DATASET_LIST_AMBIGUOUS']) as string[],
    });
    expect(hot.remarks).toContain('DATASET_LIST_UNLABELLED');
    expect(hot.rows).toEqual([
      ['b.jpg', 'dog', undefined],
      ['c.jpg', null, undefined],
    ]);
    const cells = await read('Image Index,Finding Labels\na.png,Hernia|Mass\nb.png,Mass\n');
    expect(cells).toMatchObject({ ambiguous: 1, rows: [['b.png', 'Mass', undefined]] });
    const rows = await read('path,label\na.jpg,cat\na.jpg,dog\nb.jpg,dog\n');
    expect(rows).toMatchObject({ ambiguous: 1, rows: [['b.jpg', 'dog', undefined]] });
    expect(rows.params).toMatchObject({ count: 1, example: 'a.jpg' });
  });

  test('splits with unknown names, columns and classes without a photo', async () => {
    const { remarks, params, rows } = await read('path,label,split\na.jpg,cat,fold 1\nb.jpg,dog,train\n');
    expect(remarks).toEqual(['DATASET_LIST_SPLIT_UNKNOWN']);
    expect(params).toMatchObject({ count: 1, names: '“fold 1”' });
    expect(rows).toEqual([
      ['a.jpg', 'cat', undefined],
      ['b.jpg', 'dog', 'train'],
    ]);
    expect((await read('path,label,height\na.jpg,cat,7\n')).params).toMatchObject({ columns: '“height”' });
    expect((await read('path,cat,emu\na.jpg,1,0\nb.jpg,1,0\n')).params).toMatchObject({ names: '“emu”' });
  });
});

describe('encodings and spreadsheets', () => {
  const text = 'Datei;Klasse\r\nGröße.jpg;Kätzchen\r\nÉté.jpg;Hündchen\r\n';
  const rows = [
    ['Größe.jpg', 'Kätzchen', undefined],
    ['Été.jpg', 'Hündchen', undefined],
  ];
  const wide = (bigEndian: boolean): Buffer => {
    const bytes = Buffer.from(text, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };
  /** What `iconv -t MACINTOSH` makes of the text. */
  const mac = Buffer.from(
    [...text].map(
      (sign) => ({ ö: 0x9a, ß: 0xa7, ä: 0x8a, É: 0x83, é: 0x8e, ü: 0x9f })[sign] ?? sign.charCodeAt(0),
    ),
  );

  test.each<[string, Uint8Array | string, string | undefined]>([
    ['UTF-16, big end first', Buffer.concat([Buffer.from([0xfe, 0xff]), wide(true)]), undefined],
    ['UTF-16 without a mark', wide(false), undefined],
    ['UTF-16, big end first, without a mark', wide(true), undefined],
    ['Windows-1252', Buffer.from(text, 'latin1'), 'Windows-1252'],
    ['Mac OS Roman', mac, 'Mac OS Roman'],
    ['line ends of old Macs', text.replaceAll('\r\n', '\r'), undefined],
    ['the line that tells Excel the delimiter', `\ufeffsep=;\r\n${text}`, undefined],
  ])('%s', async (_what, bytes, assumed) => {
    const found = await read(bytes);
    expect(found.rows).toEqual(rows);
    expect(found.params.encoding).toBe(assumed);
  });

  test.each<[string, number[]]>([
    ['Shift JIS', [0x94, 0x4c, 0x8c, 0xa2, 0x0a]],
    ['GBK', [0xc3, 0xa8, 0xb9, 0xb7, 0x0a]],
    ['EUC-KR', [0xb0, 0xed, 0xbe, 0xe7, 0x0a]],
    ['Windows-1251', [0xea, 0xee, 0xf2, 0x0a]],
    ['Windows-1250', [0xa3, 0xf3, 0x64, 0x9f, 0x0a]],
    ['Windows-1254', [0x6b, 0x75, 0xfe, 0x0a]],
    ['IBM 850', [0x4b, 0x84, 0x74, 0x7a, 0x0a]],
  ])('%s is refused as an encoding, not as a list', async (_what, name) => {
    const bytes = Buffer.concat([Buffer.from('file,label\na.jpg,'), Buffer.from(name)]);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'DATASET_LIST_ENCODING' });
  });

  test('marks of inches are no quotation marks, and an open one is told with its line', async () => {
    expect((await read('file,label\na.jpg,5" pot\nb.jpg,"7"" pot"\n')).rows).toEqual([
      ['a.jpg', '5" pot', undefined],
      ['b.jpg', '7" pot', undefined],
    ]);
    await expect(read('file,label\n"a.jpg,cats\n')).rejects.toMatchObject({
      code: 'DATASET_LABELS_INVALID',
      params: { reason: expect.stringContaining('line 2') as string },
    });
  });

  test.each([
    ['a workbook', Buffer.from('PK\x03\x04rest')],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2])],
  ])('%s is refused as a spreadsheet', async (_what, bytes) => {
    await expect(read(bytes, 'list.xlsx')).rejects.toMatchObject({
      code: 'DATASET_LABELS_INVALID',
      params: { reason: expect.stringContaining('spreadsheet') as string },
    });
  });
});

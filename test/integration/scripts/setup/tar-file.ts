/** Writes tar archives member by member, also such as tar itself would not write. */
import { gzipSync } from 'node:zlib';

export interface TarMember {
  readonly name: string;
  readonly content?: string;
  /** As in the format: 0 file, 1 hard link, 2 symbolic link, 5 folder, 6 pipe. */
  readonly type?: '0' | '1' | '2' | '5' | '6';
  readonly link?: string;
}

function header({ name, content = '', type = '0', link = '' }: TarMember): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o755, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(Buffer.byteLength(content), 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar\u000000', 257);
  block.write(
    octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return block;
}

/** A compressed archive of the members, in this order. */
export function tarFile(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap((member) => {
    const content = Buffer.from(member.content ?? '');
    return [header(member), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

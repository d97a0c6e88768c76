import { gzipSync } from 'node:zlib';

export interface TarPart {
  readonly name: string;
  readonly text?: string | Uint8Array;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` directory. */
  readonly type?: string;
  readonly link?: string;
  /** What the header claims, where it lies. */
  readonly claimedSize?: number;
}

function header(part: TarPart, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(part.name.slice(0, 100), 0, 'latin1');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${(part.claimedSize ?? size).toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(part.type ?? '0', 156);
  block.write(part.link ?? '', 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A tar archive; long names are not cut but refused. */
export function buildTar(parts: readonly TarPart[]): Buffer {
  const blocks: Buffer[] = [];
  for (const part of parts) {
    const data = Buffer.from(part.text ?? '');
    blocks.push(header(part, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function buildTgz(parts: readonly TarPart[]): Buffer {
  return gzipSync(buildTar(parts));
}

/** A chart as `helm package` would pack it. */
export function packChart(name: string, version: string, files: Readonly<Record<string, string>> = {}): Buffer {
  const all: Record<string, string> = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    ...files,
  };
  return buildTgz(Object.entries(all).map(([path, text]) => ({ name: `${name}/${path}`, text })));
}

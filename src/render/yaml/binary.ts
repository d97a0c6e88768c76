const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a `!!binary` scalar as Go's JSON would show it (bytes that are no UTF-8 become U+FFFD); undefined for bad base64. */
export function decodeBinary(value: string): string | undefined {
  const packed = value.replaceAll(/[\r\n]/g, '');
  if (!BASE64.test(packed)) return undefined;
  const bytes = Buffer.from(packed, 'base64');
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const width = widthOf(bytes, index);
    text += width === 0 ? '\ufffd' : bytes.toString('utf8', index, index + width);
    index += Math.max(width, 1);
  }
  return text;
}

/** The width of the UTF-8 character at an index, 0 when there is none. */
function widthOf(bytes: Uint8Array, index: number): number {
  const lead = bytes[index] ?? 0;
  if (lead < 0x80) return 1;
  const width =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (width === 0 || index + width > bytes.length) return 0;
  const second = bytes[index + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let offset = 2; offset < width; offset++) if (((bytes[index + offset] ?? 0) & 0xc0) !== 0x80) return 0;
  return width;
}
